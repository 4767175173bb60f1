// The engine as one script for a cell's worker: every module that a program can import.
import * as chainrule from 'chainrule'
import * as check from 'chainrule/check'
import * as explain from 'chainrule/explain'
import * as nn from 'chainrule/nn'
import * as optim from 'chainrule/optim'
import type { Engine } from './modules.ts'

const engine: Engine = {
  chainrule: chainrule,
  'chainrule/nn': nn,
  'chainrule/optim': optim,
  'chainrule/explain': explain,
  'chainrule/check': check,
}
Object.assign(globalThis, { __chainrule: engine })
