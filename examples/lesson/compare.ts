// Compares what a lesson program printed with the numbers the lesson promises.
import type { Program } from './expected.ts'

export interface LessonResult {
  readonly name: string
  readonly matched: boolean
  /** What the program printed, in one line; or what is not as it should be. */
  readonly summary: string
}

/** Holds `output` to the facts of `program`: each stands on one line, with exactly its values. */
export function compare(program: Program, output: string): LessonResult {
  const { name } = program
  const lines = output.split('\n').map(line => line.trim())
  const printed = new Map<string, readonly (number | boolean)[]>()
  for (const [label, ...expected] of program.facts) {
    const stated = lines.filter(line => line.startsWith(`${label} `))
    if (stated.length !== 1) {
      return { name, matched: false, summary: `"${label}" starts ${stated.length} lines, expected one` }
    }
    const values = readValues((stated[0] as string).slice(label.length))
    if (values.length !== expected.length || !values.every((value, i) => Object.is(value, expected[i]))) {
      const summary = `"${label}" is ${values.join(', ')}, expected ${expected.join(', ')}`
      return { name, matched: false, summary }
    }
    printed.set(label, values)
  }
  const at = (label: string, i = 0) => printed.get(label)?.[i] ?? Number.NaN
  return { name, matched: true, summary: program.summary(at) }
}

/** The numbers and truth values of a line, in order, without brackets, signs between them and names of columns. */
function readValues(text: string): (number | boolean)[] {
  const words = text.split(/[\s,[\]×=]+/).filter(word => word !== '' && word !== 'w' && word !== 'loss')
  return words.map(word => (/^(true|false)$/i.test(word) ? word.toLowerCase() === 'true' : Number(word)))
}
