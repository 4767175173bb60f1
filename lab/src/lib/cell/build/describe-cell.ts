// Runs a cell's program where the site is built: the same steps as in the page, with Node's engine in place of the
// worker's. What it printed and left stands in the static page.
import { Script } from 'node:vm'
import { captureValues, type Getters } from '../run/capture.ts'
import { type engineModules, refusalOf } from '../run/engine-modules.ts'
import { readablePlaces, thrownError } from '../run/errors.ts'
import { printed } from '../run/print.ts'
import { CELL, type ProgramBody } from '../run/program.ts'
import { marksOf, transpile } from '../run/transpile.ts'
import type { CellRecord, OutputLine, ProgramError } from '../types.ts'

const TIME_LIMIT = 10_000

/** Runs `source` and says what a page shows of it. */
export async function describeCell(source: string, file: string): Promise<CellRecord> {
  const transpiled = transpile(source)
  if ('error' in transpiled) return { output: [], values: [], marks: [], error: transpiled.error }
  const { script, engine } = transpiled.program
  const modules = new Map<string, unknown>()
  for (const name of engine) modules.set(name, await loaders[name]())
  const { Tensor } = await loaders.chainrule()

  const output: OutputLine[] = []
  const print =
    (tone: OutputLine['tone']) =>
    (...args: unknown[]): void => {
      const lines = readablePlaces(printed(args), file, file).split('\n')
      output.push(...lines.map(text => ({ text, tone })))
    }
  const log = print('log')
  const warn = print('error')
  const own = { ...console, log, info: log, debug: log, table: log, dir: log, warn, error: warn, trace: warn }
  let error: ProgramError | null = null
  let getters: Getters = {}
  const requireModule = (name: string): unknown => {
    if (!modules.has(name)) throw new Error(refusalOf(name))
    return modules.get(name)
  }
  const watch = (watched: Getters): void => {
    getters = watched
  }
  try {
    await runScript(script, file, program => program(requireModule, {}, watch, own))
  } catch (thrown) {
    error = thrownError(thrown, file)
  }
  const values = captureValues(getters, value => value instanceof Tensor)
  const marks = marksOf(
    source,
    values.map(({ name }) => name),
  )
  return { output, values, marks, error }
}

const loaders = {
  chainrule: () => import('chainrule'),
  'chainrule/nn': () => import('chainrule/nn'),
  'chainrule/optim': () => import('chainrule/optim'),
  'chainrule/explain': () => import('chainrule/explain'),
  'chainrule/check': () => import('chainrule/check'),
} satisfies Record<(typeof engineModules)[number], () => Promise<unknown>>

/** The program begins while its script is loaded, so that the limit holds for it, too. */
async function runScript(
  script: string,
  file: string,
  begin: (program: ProgramBody) => Promise<void>,
): Promise<void> {
  const scope = globalThis as typeof globalThis & Record<string, unknown>
  let running: Promise<void> = Promise.resolve()
  scope[CELL] = (program: ProgramBody) => {
    running = begin(program)
  }
  try {
    new Script(script, { filename: file }).runInThisContext({ timeout: TIME_LIMIT })
  } finally {
    delete scope[CELL]
  }
  await running
}
