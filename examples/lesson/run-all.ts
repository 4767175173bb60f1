// Runs the eleven programs of the lesson, each in a Node of its own, as a reader would, and compares what they print.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { compare, type LessonResult } from './compare.ts'
import { programs } from './expected.ts'

export type { LessonResult } from './compare.ts'

/** Runs all programs as they were built, in order. A program that fails is a result that did not match. */
export function runAll(): LessonResult[] {
  return programs.map(program => {
    const file = fileURLToPath(new URL(`./${program.name}.js`, import.meta.url))
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' })
    if (status === 0) return compare(program, stdout)
    const reason = stderr.split('\n').find(line => /Error/.test(line)) ?? stderr.trim()
    return { name: program.name, matched: false, summary: `exit code ${status}: ${reason}` }
  })
}
