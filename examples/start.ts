// `npm start`: half a minute that shows what Chainrule is for. The eleven programs of the first lesson, one gradient
// traced, and a model learned from a log whose truth is known, because a simulation wrote it.
import { relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { tensor } from 'chainrule'
import { explain, named } from 'chainrule/explain'
import { alignColumns, processTerminal, type RunRecord, train } from 'chainrule-cli'
import { runAll } from './lesson/run-all.ts'
import { TRUTH } from './simulate-requests.ts'

const terminal = processTerminal()
const { bold, dim, green, red } = terminal.colors
const say = (line = '') => terminal.out(line)
const title = (text: string) => say(`\n${bold(text)}\n`)

/** The lesson's programs, one line each; how many printed what the lesson says. */
function runLesson(): boolean {
  title('The eleven programs of the lesson "Gradients and Backprop"')
  const results = runAll()
  const rows = results.map(({ name, matched, summary }) => [matched ? 'ok' : 'no', name, summary])
  for (const line of alignColumns([], rows, { width: terminal.width })) {
    say(line.replace(/^ {2}ok /, green).replace(/^ {2}no /, red))
  }
  const matched = results.filter(result => result.matched).length
  say(`\n  ${matched} of ${results.length} match`)
  return matched === results.length
}

/** Program 7 of the lesson, asked of the engine: why is this gradient 4? */
function traceLesson(): void {
  title('One gradient, traced: the weight of the prompt in program 7')
  const number = (value: number, requiresGrad = false) => tensor(value, { dtype: 'float64', requiresGrad })
  const { x_prompt, x_queue, y } = named({ x_prompt: number(2), x_queue: number(1), y: number(5) })
  const { w_prompt, w_queue } = named({ w_prompt: number(2, true), w_queue: number(2, true) })
  const why = explain(() => {
    const { prediction } = named({ prediction: w_prompt.mul(x_prompt).add(w_queue.mul(x_queue)) })
    const { error } = named({ error: prediction.sub(y) })
    return named({ loss: error.square() }).loss
  }, w_prompt)
  for (const line of String(why).split('\n')) say(`  ${line}`)
}

/** What was learned beside what the simulation put in. */
function compareWithTruth(record: RunRecord): void {
  title('Learned from the log, beside the truth of the simulation')
  const weightOf = (column: string) =>
    record.weights?.rows.find(row => row.column === column)?.weight ?? Number.NaN
  const intercept = record.weights?.intercept
  const rows = [
    ['seconds per 100 tokens', 100 * weightOf('prompt_tokens'), TRUTH.secondsPer100Tokens],
    ['seconds per queued second', weightOf('queue_s'), TRUTH.secondsPerQueuedSecond],
    [
      'seconds for an empty prompt',
      typeof intercept === 'number' ? intercept : Number.NaN,
      TRUTH.secondsAtZero,
    ],
  ] as const
  const cells = rows.map(([name, learned, truth]) => [name, learned.toFixed(4), truth.toFixed(4)])
  for (const line of alignColumns(['', 'learned', 'true'], cells, {
    align: ['left', 'right', 'right'],
    header: dim,
  })) {
    say(line)
  }
}

async function main(): Promise<void> {
  const matched = runLesson()
  traceLesson()

  // Compiled, this file lies one folder deeper than the table.
  const here = import.meta.url.includes('/dist/') ? '..' : '.'
  const table = relative(process.cwd(), fileURLToPath(new URL(`${here}/requests.csv`, import.meta.url)))
  title(`chainrule train ${table} --target seconds --out runs/start`)
  const { record, folder } = await train(
    { table, target: 'seconds', out: 'runs/start', force: true },
    terminal,
  )
  compareWithTruth(record)

  title('Next')
  say(`  ${dim('The report of the run: open it in a browser')}\n  ${pathToFileURL(folder.report).href}`)
  const next = [
    ['One row, one gradient, every factor', 'npx chainrule explain runs/start --row 17 --of prompt_tokens'],
    ['A network on the same log', `npx chainrule train ${table} --target seconds --model mlp --out runs/mlp`],
    ['A prediction for every row', `npx chainrule predict runs/start ${table} --out predictions.csv`],
    ['A gradient written by hand, judged', 'npx chainrule check examples/my-loss.ts'],
    ['A table of your own', 'npx chainrule train your.csv --target COLUMN'],
  ] as const
  for (const [what, command] of next) say(`\n  ${dim(what)}\n  ${command}`)
  if (!matched) process.exitCode = 1
}

await main()
