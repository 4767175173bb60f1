// What a program asks for from outside: the engine is there, anything else is refused with a sentence.
import type { parse } from 'sucrase/dist/parser/index.js'
import { TokenType as tt } from 'sucrase/dist/parser/tokenizer/types.js'
import { type EngineModule, isEngineModule, refusalOf } from './engine-modules.ts'

export interface Refusal {
  readonly message: string
  readonly line: number
}

export interface Imports {
  readonly engine: readonly EngineModule[]
  /** The first import that cannot be had. */
  readonly refusal: Refusal | null
}

/** The static imports of a program, read from its tokens. */
export function importsOf(source: string, { tokens }: ReturnType<typeof parse>): Imports {
  const engine = new Set<EngineModule>()
  let refusal: Refusal | null = null
  const refuse = (message: string, offset: number): void => {
    refusal ??= { message, line: lineAt(source, offset) }
  }
  tokens.forEach((token, i) => {
    if (token.type === tt._import && tokens[i + 1]?.type === tt.parenL) {
      refuse('import() is not available here: write the import at the top of the program.', token.start)
      return
    }
    const isSource =
      token.type === tt.string &&
      (tokens[i - 1]?.type === tt._import || isFromOfStatement(source, tokens[i - 1]))
    if (!isSource) return
    const name = source.slice(token.start + 1, token.end - 1)
    if (isEngineModule(name)) engine.add(name)
    else refuse(refusalOf(name), token.start)
  })
  return { engine: [...engine], refusal }
}

/** `from` before a string is only ever the one of an import or an export. */
function isFromOfStatement(source: string, token: { start: number; end: number } | undefined): boolean {
  return token !== undefined && source.slice(token.start, token.end) === 'from'
}

/** The line, from 1, on which an offset stands. */
export function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length
}
