// Errors brought back to the line of the source as the reader sees it. Types are stripped in place and imports become
// requires on their own line, so line numbers carry over; columns do not.
import type { ProgramError } from '../types.ts'
import { errorText, printed } from './print.ts'

/** What a transpiler's SyntaxError says, without the place, which is given apart. */
export function syntaxError(error: unknown): ProgramError {
  const { message = String(error), loc } = (error ?? {}) as { message?: string; loc?: { line?: number } }
  const words = message.replace(/^Error transforming [^:]*: /, '').replace(/\s*\(\d+:\d+\)\s*$/, '')
  const line = typeof loc?.line === 'number' ? loc.line : null
  return { kind: 'syntax', message: `SyntaxError: ${words}`, line }
}

/** An exception of the program: what it says, and the innermost line of the program that its stack names. */
export function thrownError(thrown: unknown, url: string): ProgramError {
  return { kind: 'thrown', message: messageOf(thrown), line: lineInStack(stackOf(thrown), url) }
}

/** The innermost frame in the script at `url`; null where the stack has none. V8, SpiderMonkey and JSC alike. */
export function lineInStack(stack: string, url: string): number | null {
  for (const frame of stack.split('\n')) {
    const at = frame.lastIndexOf(`${url}:`)
    if (at < 0) continue
    const line = /^(\d+)/.exec(frame.slice(at + url.length + 1))
    if (line !== null) return Number(line[1])
  }
  return null
}

/** Places in the script at `url` written as the reader knows them: `01-one-parameter-loss.ts:7`. */
export function readablePlaces(text: string, url: string, file: string): string {
  return text.split(`${url}:`).reduce((left, right) => `${left}${file}:${right.replace(/^(\d+):\d+/, '$1')}`)
}

function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? errorText(thrown) : `thrown: ${printed([thrown])}`
  } catch {
    return 'thrown: a value that cannot be printed'
  }
}

function stackOf(thrown: unknown): string {
  try {
    const { stack } = thrown as { stack?: unknown }
    return typeof stack === 'string' ? stack : ''
  } catch {
    return ''
  }
}
