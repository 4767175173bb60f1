#!/usr/bin/env node
// The bin stands outside dist so that npm can link it before the first build.
import '../dist/main.js'
