// Training: what is learned, what is left on the disk, and how it ends when it cannot go on.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeSafetensors } from 'chainrule/io'
import { describe, expect, test } from 'vitest'
import { explainRow } from '../src/actions/explain.ts'
import type { TrainRequest } from '../src/actions/options.ts'
import { train } from '../src/actions/train.ts'
import { readMetrics } from '../src/run/metrics.ts'
import type { RunRecord } from '../src/run/schema.ts'
import { memoryTerminal } from '../src/terminal/terminal.ts'
import { complaintOf, noise, temporaryFolder, writeTable } from './support/files.ts'

const folder = temporaryFolder()
const plane = writeTable(folder, 'plane.csv', 'a,b,kind,y', 300, k => {
  const [a, b, kind] = [10 * noise(k), 100 + 50 * noise(k + 1000), k % 3 === 0 ? 'slow' : 'fast']
  return [a, b, kind, 3 + 2 * a - 0.5 * b + (kind === 'slow' ? 7 : 0)]
})
let made = 0
async function run(request: TrainRequest, signal?: AbortSignal) {
  const terminal = memoryTerminal()
  const out = request.out ?? join(folder, `run-${made++}`)
  const outcome = await train({ ...request, out }, terminal, signal)
  return { ...outcome, out, text: terminal.text() }
}
const weightsOf = (record: RunRecord) =>
  Object.fromEntries(record.weights?.rows.map(({ feature, weight }) => [feature, weight]) ?? [])

describe('what is said', () => {
  test('names with spaces and line breaks stand on one line, and in commands that can be pasted', async () => {
    const header = '"wait ""s""","two\nlines",y'
    const odd = writeTable(folder, 'odd names.csv', header, 60, k => [
      noise(k),
      noise(k + 70),
      noise(k) - noise(k + 70),
    ])
    const { text, out } = await run({ table: odd, target: 'y', epochs: 2, out: join(folder, 'odd run') })
    expect(text).toMatch(/^ {2}two\\nlines +feature +number: standardised$/m)
    expect(text).toContain(`chainrule explain '${out}' --row`)
    expect(text).toContain(`--of 'wait "s"'`)
    expect(text).toContain('12 held-out rows are few to judge by')
    const terminal = memoryTerminal()
    await explainRow({ run: out, row: 3, of: 'two\nlines' }, terminal)
    expect(terminal.text()).toMatch(/^ {2}two\\nlines +0\./m)
    expect(terminal.text()).toContain('per unit of two\\nlines.')
  })

  test('a target of numbers beside "nan" says nothing of rows that it does not leave out', async () => {
    const path = writeTable(folder, 'nan.csv', 'x,y', 60, k => [noise(k), k % 9 ? noise(k + 5) : 'nan'])
    const { text } = await run({ table: path, target: 'y', epochs: 1 })
    expect(text).toContain('7 rows left out: y is not a finite number')
    expect(text).not.toContain(' 0 rows')
  })
})

describe('what is learned', () => {
  test('a linear model finds the plane that made the table, in the units of the table', async () => {
    const { record, text } = await run({ table: plane, target: 'y' })
    const weights = weightsOf(record)
    expect(weights.a).toBeCloseTo(2, 3)
    expect(weights.b).toBeCloseTo(-0.5, 4)
    expect(weights['kind = slow']).toBeCloseTo(7, 2)
    expect(record.weights?.intercept).toBeCloseTo(3, 1)
    expect(record).toMatchObject({
      status: 'complete',
      split: { train: 240, heldOut: 60 },
      heldOut: { rows: 60 },
      gradientCheck: { verdict: 'pass', exhaustive: true },
    })
    expect((record.heldOut as { r2: number }).r2).toBeGreaterThan(0.9999)
    expect((record.baseline as { r2: number }).r2).toBeLessThanOrEqual(0)
    expect(text).toMatch(/Check {3}gradient pass: all 4 derivatives agree with finite differences on 16 rows/)
    expect(text).toMatch(/this model +0\.99\d\d|this model +1\.0000/)
  })

  test('a seed fixes every bit of the weights, and another seed gives others', async () => {
    const request = { table: plane, target: 'y', model: 'mlp', hidden: [8], epochs: 3 } as const
    const bytes = async (seed: number) => {
      const { folder: made } = await run({ ...request, seed })
      const { tensors } = decodeSafetensors(readFileSync(made.model))
      return Object.values(tensors).map(value => value.toArray())
    }
    const first = await bytes(5)
    expect(await bytes(5)).toEqual(first)
    expect(await bytes(6)).not.toEqual(first)
  })

  test.each(['mae', 'huber'] as const)('the loss %s learns the plane, too', async loss => {
    const { record } = await run({ table: plane, target: 'y', loss })
    expect((record.heldOut as { r2: number }).r2).toBeGreaterThan(0.999)
  })

  test.each(['mse', 'mae', 'huber'] as const)(
    'a network trains by %s, and one of its rows is traced',
    async loss => {
      const { text } = await run({ table: plane, target: 'y', model: 'mlp', hidden: [4], loss, epochs: 2 })
      expect(text).toMatch(/report\.html\n/)
    },
  )

  test.each(['sgd', 'momentum'] as const)('the optimiser %s learns the plane, too', async optimizer => {
    const { record } = await run({ table: plane, target: 'y', optimizer })
    expect((record.heldOut as { r2: number }).r2).toBeGreaterThan(0.999)
  })

  test('bce learns which of two values a row has, beside the share of the more frequent one', async () => {
    const { record, text } = await run({ table: plane, target: 'kind', loss: 'bce', epochs: 200 })
    expect(record.heldOut).toMatchObject({ accuracy: expect.any(Number), rows: 60 })
    expect((record.heldOut as { accuracy: number }).accuracy).toBeGreaterThan(0.95)
    expect(text).toContain('always the training shares')
  })

  test('cross-entropy learns classes, with a weight for each of them', async () => {
    const path = writeTable(folder, 'classes.csv', 'x,z,size', 300, k => [
      noise(k),
      noise(k + 500),
      noise(k) < 0.33 ? 's' : noise(k) < 0.66 ? 'm' : 'l',
    ])
    const { record } = await run({
      table: path,
      target: 'size',
      loss: 'cross-entropy',
      model: 'mlp',
      hidden: [16],
    })
    expect((record.heldOut as { accuracy: number }).accuracy).toBeGreaterThan(0.9)
    const linear = await run({ table: path, target: 'size', loss: 'cross-entropy', epochs: 2 })
    expect(linear.record.weights?.rows.map(row => row.class)).toEqual(['l', 'l', 'm', 'm', 's', 's'])
  })

  test('with nothing held out, the score says that it is of the training rows', async () => {
    const { record, text } = await run({ table: plane, target: 'y', val: 0, epochs: 5 })
    expect(record.heldOut).toBeNull()
    expect(record.train).toMatchObject({ rows: 300 })
    expect(text).toContain('Score on 300 training rows (none held out)')
  })

  test('fewer rows than parameters are warned about', async () => {
    const { text, record } = await run({ table: plane, target: 'y', model: 'mlp', hidden: [64], epochs: 1 })
    const warning = '240 rows to learn from, fewer than the 321 parameters'
    expect(text.replaceAll(/\s+/g, ' ')).toContain(warning)
    expect(record.warnings.flat().join(' ')).toContain(warning)
  })
})

describe('how it was learned', () => {
  test('run.json, the terminal and the report say whether steps were compiled, and how many a second there were', async () => {
    const many = await run({ table: plane, target: 'y', epochs: 100 })
    expect(many.record.steps).toEqual({ mode: 'compiled', why: null, perSecond: expect.any(Number) })
    expect(many.text).toMatch(/Trained 400 steps in [\d.]+ s, compiled: [\d,.]+ steps\/s\./)
    const few = await run({ table: plane, target: 'y', epochs: 2 })
    expect(few.record.steps).toMatchObject({ mode: 'eager', why: 'too few to be worth compiling' })
    const words = /8 steps in [\d.]+ s, not compiled \(too few to be worth compiling\): [\d,.]+ steps\/s/
    expect(few.text).toMatch(words)
    expect(readFileSync(few.folder.report, 'utf8')).toMatch(words)
  })
})

describe('the run folder', () => {
  test('holds a record, weights, a line of metrics per epoch, and a report that asks for nothing else', async () => {
    const { folder: made, record } = await run({ table: plane, target: 'y', epochs: 7 })
    expect(JSON.parse(readFileSync(made.record, 'utf8'))).toEqual(JSON.parse(JSON.stringify(record)))
    expect(readMetrics(made.metrics).map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7])
    const report = readFileSync(made.report, 'utf8')
    expect(report).toContain('<title>y from ')
    expect(report).toContain('300 rows, no filter')
    expect(report.match(/<svg/g)?.length).toBeGreaterThanOrEqual(6)
    for (const heading of [
      'Predicted against actual',
      'How it learned',
      'The weights',
      'One gradient, traced',
    ]) {
      expect(report).toContain(heading)
    }
    expect(report).not.toMatch(/<script|<link|<iframe|@import|url\((?!#)/)
    expect(report.match(/(src|href)="(?!#)[^"]*"/g)).toBeNull()
  })

  test('text of the table cannot become markup in the report', async () => {
    const path = writeTable(folder, 'nasty.csv', 'x,"<b>kind</b>",y', 60, k => [
      noise(k),
      k % 2 ? '<script>alert(1)</script>' : 'plain & simple',
      noise(k + 3),
    ])
    const { folder: made } = await run({ table: path, target: 'y', epochs: 2 })
    const report = readFileSync(made.report, 'utf8')
    expect(report).not.toContain('<script>')
    expect(report).not.toContain('<b>kind</b>')
  })

  test('an existing run is refused before the table is even opened', async () => {
    const { out } = await run({ table: plane, target: 'y', epochs: 1 })
    expect(await complaintOf(run({ table: 'nowhere.csv', target: 'y', out }))).toMatch(/already holds a run/)
    await run({ table: plane, target: 'y', epochs: 2, out, force: true })
  })
})

/** A signal that is raised when it has been asked about `after` times. */
class RaisedAfter extends EventTarget {
  #left: number

  constructor(after: number) {
    super()
    this.#left = after
  }

  get aborted(): boolean {
    return this.#left-- <= 0
  }
}

describe('runs that end early', () => {
  test('an interrupt while the table is read or filtered ends the query, and nothing is written', async () => {
    const control = new AbortController()
    // Without an end in sight: a thousand billion pairs.
    const where = 'a > (select min(p.range + q.range) from range(1000000) p, range(1000000) q)'
    const out = join(folder, 'never')
    setTimeout(() => control.abort(), 300)
    for (const when of ['meanwhile', 'before']) {
      expect(await complaintOf(run({ table: plane, target: 'y', where, out }, control.signal)), when).toBe(
        'Interrupted before training began; nothing was written.',
      )
      expect(existsSync(out)).toBe(false)
    }
  })

  test.each([
    ['eager', 12],
    ['compiled', 60],
  ])(
    'an interrupted run of %s steps, resumed, ends with exactly the weights of one that was not',
    async (mode, epochs) => {
      const request = { table: plane, target: 'y', model: 'mlp', hidden: [6], epochs, seed: 2 } as const
      const whole = await run(request)
      expect(whole.record.steps?.mode).toBe(mode)
      const cut = await run(request, new RaisedAfter(23) as unknown as AbortSignal)
      expect(cut.record.status).toBe('interrupted')
      expect(cut.record.progress).toEqual({ step: 23, steps: 4 * epochs })
      expect(cut.text).toContain(`Go on   chainrule train --resume --out ${cut.out}`)
      const resumed = await run({ out: cut.out, resume: true })
      expect(resumed.text).toContain(`Resume  after step 23 of ${4 * epochs}`)
      expect(resumed.record).toMatchObject({ status: 'complete', steps: { mode } })
      const tensorsOf = (path: string) =>
        Object.entries(decodeSafetensors(readFileSync(path)).tensors).map(([name, value]) => [
          name,
          value.toArray(),
        ])
      expect(tensorsOf(resumed.folder.model)).toEqual(tensorsOf(whole.folder.model))
      expect(readMetrics(resumed.folder.metrics).map(({ epoch }) => epoch)).toEqual(
        Array.from({ length: epochs }, (_, k) => k + 1),
      )
    },
  )

  test('a resumed run refuses other options, a changed table, and having nothing to do', async () => {
    const path = writeTable(folder, 'changing.csv', 'x,y', 80, k => [noise(k), noise(k + 1)])
    const { out } = await run({ table: path, target: 'y', epochs: 3 })
    expect(await complaintOf(run({ out, resume: true, lr: 0.5 }))).toMatch(/^--lr 0\.5 contradicts the run/)
    expect(await complaintOf(run({ out, resume: true }))).toBe(
      `The run in '${out}' is complete: all 3 epochs are done.\n  To go on, ask for more: --resume --epochs 6`,
    )
    expect((await run({ out, resume: true, epochs: 5 })).record.progress.step).toBe(5)
    writeTable(folder, 'changing.csv', 'x,y', 80, k => [noise(k), noise(k + 2)])
    expect(await complaintOf(run({ out, resume: true, epochs: 9 }))).toMatch(
      /has changed since the run began/,
    )
  })

  test('a loss that is not finite stops with step, op, element and advice, and finite weights stay', async () => {
    const {
      record,
      text,
      folder: made,
    } = await run({ table: plane, target: 'y', optimizer: 'sgd', lr: 1e30 })
    expect(record.status).toBe('stopped')
    expect(record.stopped?.[0]).toMatch(/^Training stopped at step 2 \(epoch 1\): the loss is not finite\.$/)
    expect(record.stopped?.[1]).toMatch(
      /^Infinity first appears in the forward pass, in \w+, element \[\d+\]\.$/,
    )
    expect(record.stopped?.[2]).toMatch(/^It belongs to row \d+ of the table\.$/)
    expect(record.stopped?.[3]).toBe('Try a smaller step: --lr 0.05.')
    expect(text).toContain('Training stopped at step 2')
    const { tensors } = decodeSafetensors(readFileSync(made.model))
    for (const value of Object.values(tensors)) {
      expect([...value.data].every(Number.isFinite)).toBe(true)
    }
  })

  test('a step that would make the weights infinite is not taken', async () => {
    const { record, folder: made } = await run({ table: plane, target: 'y', optimizer: 'sgd', lr: 3e38 })
    expect(record.status).toBe('stopped')
    const { tensors } = decodeSafetensors(readFileSync(made.model))
    expect(Object.values(tensors).every(value => [...value.data].every(Number.isFinite))).toBe(true)
  })
})

const log = fileURLToPath(new URL('../../../shared/data/llm-latency.csv', import.meta.url))
describe.skipIf(!existsSync(log))('the log of 2,845 real requests (skipped where it is not at hand)', () => {
  const request = {
    table: log,
    target: 'seconds',
    features: ['output_tokens', 'ttft_s', 'provider', 'model'],
    where: 'error_code is null',
    seed: 0,
  }

  test('a linear model reaches R² 0.93 on held-out rows and says what hangs on few of them', async () => {
    const { record, text } = await run(request)
    expect((record.heldOut as { r2: number }).r2).toBeGreaterThanOrEqual(0.93)
    expect(text).toContain('539 of 2,845 rows left out by the filter')
    expect(text.replaceAll(/\s+/g, ' ')).toContain('4 extreme rows make up 70 % of the spread of seconds')
    expect(weightsOf(record).ttft_s).toBeCloseTo(1.016, 2)
  })

  test('an mlp reaches R² 0.985 on held-out rows', { timeout: 120_000 }, async () => {
    const { record } = await run({ ...request, model: 'mlp', hidden: [64, 64] })
    expect((record.heldOut as { r2: number }).r2).toBeGreaterThanOrEqual(0.985)
    expect(record.weights?.kind).toBe('slopes')
  })
})

describe('what training is asked for', () => {
  const table = writeTable(folder, 'asked.csv', 'x,y', 60, k => [noise(k), 2 * noise(k)])
  const refused = (more: Partial<Parameters<typeof train>[0]>) =>
    complaintOf(
      train({ table, target: 'y', epochs: 2, out: join(folder, 'asked'), ...more }, memoryTerminal()),
    )

  test('the same seed leaves the same bytes in model.safetensors', async () => {
    const bytes = []
    for (const name of ['bytes-1', 'bytes-2']) {
      const { folder: run } = await train(
        { table, target: 'y', epochs: 3, out: join(folder, name) },
        memoryTerminal(),
      )
      bytes.push(readFileSync(run.model))
      // Nothing of the clock may reach the file.
      await new Promise(resume => setTimeout(resume, 20))
    }
    expect(bytes[0]?.equals(bytes[1] as Buffer)).toBe(true)
  })

  test('hidden layers without an mlp are refused', async () => {
    expect(await refused({ hidden: [8] })).toBe(
      '--hidden is for the mlp; a linear model has no hidden layers.\n  Add --model mlp.',
    )
  })

  test('an empty name of a folder is refused, before anything in the present one is touched', async () => {
    expect(await refused({ out: '' })).toBe('--out: the name of the folder is empty.')
  })

  test('a model that no memory holds is refused with its size', async () => {
    expect(await refused({ model: 'mlp', hidden: [65536, 65536] })).toMatch(
      /^--hidden: this model would have 4,295,229,441 parameters; at most 100,000,000/,
    )
  })
})
