// From a cell's TypeScript to a script that hands itself over as one function: types stripped, imports turned into
// calls of `require`, top-level names made readable from outside, and every line still where it was.
import { transform } from 'sucrase'
import type { NameMark, ProgramError } from '../types.ts'
import type { EngineModule } from './engine-modules.ts'
import { syntaxError } from './errors.ts'
import { importsOf } from './imports.ts'
import { nameMarks, parseProgram, topLevelNames } from './names.ts'
import { CELL } from './program.ts'

export interface Transpiled {
  /** A classic script that calls `__cell` with the program. */
  readonly script: string
  /** The engine's modules that it imports. */
  readonly engine: readonly EngineModule[]
}

export function transpile(source: string): { program: Transpiled } | { error: ProgramError } {
  try {
    const parsed = parseProgram(source)
    const { engine, refusal } = importsOf(source, parsed)
    if (refusal !== null) return { error: { kind: 'import', ...refusal } }
    const { code } = transform(source, {
      transforms: ['typescript', 'imports'],
      disableESTransforms: true,
      preserveDynamicImport: true,
    })
    return { program: { script: wrap(code, topLevelNames(source, parsed)), engine } }
  } catch (error) {
    return { error: syntaxError(error) }
  }
}

/** Where the given names stand in a source; nowhere in one that does not parse. */
export function marksOf(source: string, names: readonly string[]): NameMark[] {
  try {
    return nameMarks(source, parseProgram(source), new Set(names))
  } catch {
    return []
  }
}

/** The block keeps the program's own `require` or `watch` apart from ours; the first line keeps its number. */
function wrap(code: string, names: readonly string[]): string {
  const getters = names.map(name => `${name}:()=>${name}`).join(',')
  const body = code.replace(/^"use strict";/, '')
  return `${CELL}(async(require,exports,__watch,console)=>{"use strict";{__watch({${getters}});${body}\n}})`
}
