// One run of a program: from its source to lines, values or an error, within a time limit; and afterwards the traces of
// the gradients it left.
import type { NamedValue, OutputLine, ProgramError } from '../types.ts'
import { outputLimits } from './output-cap.ts'
import type { Traced, WorkerMessage } from './protocol.ts'
import { locateSyntaxError, type Session, takeSession } from './sandbox.ts'
import { transpile } from './transpile.ts'

export const TIME_LIMIT = 2_000
/** A program that has not begun by then never will: its worker is gone. */
const BEGIN_LIMIT = 5_000

export interface RunListener {
  line(line: OutputLine): void
  failed(error: ProgramError): void
}

export interface RunResult {
  /** Null where the program was stopped or its worker lost. */
  readonly values: readonly NamedValue[] | null
  /** Lines that were printed and are not shown. */
  readonly dropped: number
}

export type GradientTrace =
  | { readonly passes: readonly Traced[]; readonly earlier: number }
  | { readonly message: string }

export interface LiveRun {
  readonly result: Promise<RunResult>
  /** Ends the program, or frees what it left behind. */
  stop(): void
  /** Whether nothing is left to explain. */
  isGone(): boolean
  explain(name: string, index: readonly number[]): Promise<GradientTrace>
}

/** Runs a program. What it prints and how it fails is told as it happens. */
export async function startRun(source: string, file: string, listener: RunListener): Promise<LiveRun> {
  const transpiled = transpile(source)
  if ('error' in transpiled) {
    listener.failed(transpiled.error)
    return nothing
  }
  const { script, engine } = transpiled.program
  let session: Session
  try {
    session = await takeSession(engine.length > 0)
  } catch {
    listener.failed(lost('The sandbox does not answer; run the program again to start a new one.'))
    return nothing
  }
  return follow(session, script, file, listener)
}

function follow(session: Session, script: string, file: string, listener: RunListener): LiveRun {
  let resolve: (result: RunResult) => void = () => {}
  const result = new Promise<RunResult>(settle => {
    resolve = settle
  })
  let answer: ((message: WorkerMessage) => void) | null = null
  let begun = false
  let ended = false
  let gone = false
  /** Done when the place of a syntax error has been asked for and told. */
  let told: Promise<void> = Promise.resolve()
  let shown = 0

  const leave = (): void => {
    gone = true
    session.stop()
  }
  const end = (values: readonly NamedValue[] | null, dropped: number): void => {
    if (ended) return
    ended = true
    clearTimeout(timer)
    if (values === null) leave()
    else keep(leave)
    told.then(() => resolve({ values, dropped }))
  }
  const give = (error: ProgramError): void => {
    listener.failed(error)
    end(null, 0)
  }
  const outOfTime = (): void =>
    give({
      kind: 'time',
      message: `Stopped after ${TIME_LIMIT / 1000} seconds: the program had not ended. Look for a loop that never does.`,
      line: null,
    })
  let timer = setTimeout(() => give(lost('The program could not be started.')), BEGIN_LIMIT)

  session.onmessage = message => {
    if (message.type === 'begin' && !begun) {
      begun = true
      clearTimeout(timer)
      timer = setTimeout(outOfTime, TIME_LIMIT)
    } else if (message.type === 'line' && !ended && shown++ < outputLimits.lines) listener.line(message.line)
    else if (message.type === 'error' && !ended) {
      if (message.parsed) listener.failed(message.error)
      else told = locateAndFail(script, message.error, listener)
    } else if (message.type === 'end') end(message.values, message.dropped)
    else if (message.type === 'explained' || message.type === 'unexplained') answer?.(message)
  }
  session.send({ type: 'run', script, file })

  return {
    result,
    stop() {
      end(null, 0)
      leave()
    },
    isGone: () => gone,
    explain(name, index) {
      return new Promise(give => {
        const limit = setTimeout(() => {
          leave()
          give({ message: 'The trace took too long and was given up.' })
        }, 5_000)
        answer = message => {
          clearTimeout(limit)
          if (message.type === 'explained') give({ passes: message.passes, earlier: message.earlier })
          else if (message.type === 'unexplained') give({ message: message.message })
        }
        session.send({ type: 'explain', name, index })
      })
    },
  }
}

const MOST_KEPT = 3
const kept: (() => void)[] = []

/** Programs that have ended stay to be explained, the latest few of the page. */
function keep(leave: () => void): void {
  kept.push(leave)
  if (kept.length > MOST_KEPT) kept.shift()?.()
}

/** The browser's own parser is stricter than the transpiler's, and says where only when asked apart. */
async function locateAndFail(script: string, error: ProgramError, listener: RunListener): Promise<void> {
  const place = await locateSyntaxError(script)
  listener.failed({
    kind: 'syntax',
    message: place?.message ?? error.message,
    line: place?.line ?? error.line,
  })
}

const nothing: LiveRun = {
  result: Promise.resolve({ values: null, dropped: 0 }),
  stop() {},
  isGone: () => true,
  explain: () => Promise.resolve({ message: 'The program did not run.' }),
}

function lost(message: string): ProgramError {
  return { kind: 'lost', message, line: null }
}
