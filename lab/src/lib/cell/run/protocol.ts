// What crosses between page, frame and worker. A worker runs a reader's program, so the page believes none of its
// messages before `readMessage` has looked at it. Each run has a port of its own: no run can speak for another.
import type { NamedValue, Numbers, OutputLine, ProgramError } from '../types.ts'

/** From the page to the frame, by window.postMessage. */
export type FrameRequest =
  /** `script` becomes a worker, which is handed `port`. */
  | { readonly type: 'spawn'; readonly id: number; readonly script: Blob; readonly port: MessagePort }
  | { readonly type: 'stop'; readonly id: number }
  /** Where does `script`, which does not parse, break? Answered on `port`. */
  | { readonly type: 'locate'; readonly script: string; readonly port: MessagePort }

/** From the page to a worker, over the run's port. */
export type WorkerRequest =
  | { readonly type: 'run'; readonly script: string; readonly file: string }
  | { readonly type: 'explain'; readonly name: string; readonly index: readonly number[] }

/** From a worker to the page, over the run's port. */
export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'begin' }
  | { readonly type: 'line'; readonly line: OutputLine }
  | { readonly type: 'error'; readonly error: ProgramError; readonly parsed: boolean }
  /** The program and all its timers have ended. */
  | { readonly type: 'end'; readonly values: readonly NamedValue[]; readonly dropped: number }
  | { readonly type: 'explained'; readonly passes: readonly Traced[]; readonly earlier: number }
  | { readonly type: 'unexplained'; readonly message: string }

/** One chain-rule trace, as text, as a table and as a picture. */
export interface Traced {
  readonly text: string
  readonly svg: string
}

/** The message, if it is one; null for anything else. */
export function readMessage(data: unknown): WorkerMessage | null {
  if (!isRecord(data)) return null
  switch (data.type) {
    case 'ready':
    case 'begin':
      return { type: data.type }
    case 'line':
      return isLine(data.line) ? { type: 'line', line: lineOf(data.line) } : null
    case 'error':
      return isError(data.error)
        ? { type: 'error', error: errorOf(data.error), parsed: data.parsed !== false }
        : null
    case 'end':
      return Array.isArray(data.values) && data.values.every(isValue) && isCount(data.dropped)
        ? { type: 'end', values: data.values.slice(0, 100), dropped: data.dropped }
        : null
    case 'explained':
      return Array.isArray(data.passes) && data.passes.every(isTraced) && isCount(data.earlier)
        ? { type: 'explained', passes: data.passes.slice(0, 10), earlier: data.earlier }
        : null
    case 'unexplained':
      return typeof data.message === 'string'
        ? { type: 'unexplained', message: data.message.slice(0, 2_000) }
        : null
    default:
      return null
  }
}

const longest = 4_000
const kinds: readonly unknown[] = ['syntax', 'import', 'thrown', 'time', 'lost']

function lineOf({ text, tone }: OutputLine): OutputLine {
  return { text: text.slice(0, longest), tone }
}

function errorOf({ kind, message, line }: ProgramError): ProgramError {
  return { kind, message: message.slice(0, longest), line }
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === 'object' && x !== null
}

function isCount(x: unknown): x is number {
  return typeof x === 'number' && Number.isInteger(x) && x >= 0
}

function isLine(x: unknown): x is OutputLine {
  return isRecord(x) && typeof x.text === 'string' && (x.tone === 'log' || x.tone === 'error')
}

function isError(x: unknown): x is ProgramError {
  return (
    isRecord(x) &&
    kinds.includes(x.kind) &&
    typeof x.message === 'string' &&
    (x.line === null || (isCount(x.line) && x.line > 0))
  )
}

function isNumbers(x: unknown): x is Numbers {
  return (
    isRecord(x) &&
    Array.isArray(x.shape) &&
    x.shape.every(isCount) &&
    Array.isArray(x.data) &&
    x.data.length <= 100 &&
    x.data.every(item => typeof item === 'number') &&
    isCount(x.more)
  )
}

function isValue(x: unknown): x is NamedValue {
  return (
    isRecord(x) &&
    typeof x.name === 'string' &&
    x.name.length <= 200 &&
    (x.kind === 'number' || x.kind === 'truth' || x.kind === 'array' || x.kind === 'tensor') &&
    isNumbers(x.numbers) &&
    (x.dtype === undefined || typeof x.dtype === 'string') &&
    (x.grad === undefined || x.grad === null || isNumbers(x.grad))
  )
}

function isTraced(x: unknown): x is Traced {
  return isRecord(x) && typeof x.text === 'string' && typeof x.svg === 'string' && x.svg.length < 500_000
}
