// Explaining a row: its part in the run, and a gradient that can be checked by hand.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { explainRow } from '../src/actions/explain.ts'
import { train } from '../src/actions/train.ts'
import type { RunRecord } from '../src/run/schema.ts'
import { memoryTerminal } from '../src/terminal/terminal.ts'
import { complaintOf, noise, temporaryFolder, writeTable } from './support/files.ts'

const folder = temporaryFolder()
const [linear, mlp, classes] = ['linear', 'mlp', 'classes'].map(name => join(folder, name)) as [
  string,
  string,
  string,
]

beforeAll(async () => {
  const table = writeTable(folder, 'log.csv', 'tokens,provider,error_code,seconds', 120, k => {
    const tokens = k === 10 ? '' : 10 + Math.floor(90 * noise(k))
    return [tokens, k % 2 ? 'groq' : 'lepton', k % 6 === 0 ? 429 : '', 1 + noise(k) * 2 + noise(k + 7)]
  })
  const request = { table, features: ['tokens', 'provider'], where: 'error_code is null', epochs: 20 }
  await train({ ...request, target: 'seconds', out: linear }, memoryTerminal())
  await train({ ...request, target: 'seconds', model: 'mlp', hidden: [8, 8], out: mlp }, memoryTerminal())
  await train(
    { ...request, target: 'provider', features: ['tokens', 'seconds'], loss: 'cross-entropy', out: classes },
    memoryTerminal(),
  )
})

async function explained(run: string, row: number, of?: string) {
  const terminal = memoryTerminal()
  const outcome = await explainRow({ run, row, ...(of === undefined ? {} : { of }) }, terminal)
  return { ...outcome, text: terminal.text() }
}

describe('a linear model', () => {
  test('the gradient is 2 · error · value, in the units of the table', async () => {
    const record: RunRecord = JSON.parse(readFileSync(join(linear, 'run.json'), 'utf8'))
    const weight = (feature: string) => record.weights?.rows.find(row => row.feature === feature)?.weight ?? 0
    const [, ...rows] = readFileSync(join(folder, 'log.csv'), 'utf8').trim().split('\n')
    const [tokens = '', provider, , seconds = ''] = (rows[2] ?? '').split(',')
    const reference = provider === 'groq' ? weight('provider = groq') : weight('provider = lepton')
    const prediction = Number(record.weights?.intercept) + weight('tokens') * Number(tokens) + reference
    const { trace, text } = await explained(linear, 3, 'tokens')
    expect(trace.gradient).toBeCloseTo(2 * (prediction - Number(seconds)) * Number(tokens), 6)
    expect(text).toContain('d loss / d w_tokens')
    expect(text).toMatch(/2·error/)
    expect(text).toMatch(/Row 3 has seconds [\d.]+; the model says [\d.]+, [\d.]+ too (low|high)\./)
  })

  test('a value that the row does not have gets no signal, and that is said', async () => {
    const other = await explained(linear, 3, 'provider')
    const { feature } = other.trace
    const has = other.text.includes(`provider  ${feature.value}`)
    expect(other.trace.gradient === 0).toBe(!has)
    const opposite = await explained(linear, has ? 2 : 4, 'provider')
    expect(opposite.trace.feature.column).toBe('provider')
  })

  test('rows are counted as the file has them, and each is told its part in the run', async () => {
    expect((await explained(linear, 1, 'tokens')).role).toBe('left out by the filter')
    const roles = new Set<string>()
    for (const row of [2, 3, 4, 5, 6, 8, 9, 10, 12, 14, 15, 16, 17, 18]) {
      roles.add((await explained(linear, row, 'tokens')).role)
    }
    expect(roles).toEqual(new Set(['learned from', 'held out']))
  })

  test('columns called as what every object has are columns like others', async () => {
    const table = writeTable(folder, 'names.csv', '__proto__,constructor,y', 60, k => [
      k,
      noise(k),
      2 * k + noise(k),
    ])
    const out = join(folder, 'names')
    const features = ['__proto__', 'constructor']
    await train({ table, target: 'y', out, features, epochs: 3000 }, memoryTerminal())
    const { text } = await explained(out, 8, '__proto__')
    expect(text).toMatch(/^ {2}__proto__ +7$/m)
    expect(text).toMatch(/The weight is (2|1\.999|2\.000)\d* per unit of __proto__/)
  })

  test('without --of a feature is chosen', async () => {
    expect((await explained(linear, 3)).trace.of).toMatch(/tokens|provider/)
  })
})

describe('other models', () => {
  test('of an mlp, the weight with the largest gradient is traced through the layers', async () => {
    const { trace, text } = await explained(mlp, 3, 'tokens')
    expect(trace.gradient).not.toBe(0)
    expect(text).toContain('8 weights read tokens')
    expect(text).toMatch(/The largest gradient is that of unit \d/)
  })

  test('of classes, probabilities are shown and a weight is traced', async () => {
    const { text, trace } = await explained(classes, 3, 'tokens')
    expect(text).toMatch(/groq +0\.\d+/)
    expect(trace.gradient).not.toBe(0)
  })
})

describe('refusals', () => {
  test('a row that the file does not have', async () => {
    expect(await complaintOf(explained(linear, 121))).toMatch(
      /^--row: .*log\.csv has no row 121; it has 120 rows\./,
    )
  })

  test('a row with a gap', async () => {
    expect(await complaintOf(explained(linear, 11, 'tokens'))).toBe(
      'Row 11 cannot be explained: tokens is missing.\n  It was left out.',
    )
  })

  test('a column that the model does not have', async () => {
    expect(await complaintOf(explained(linear, 3, 'token'))).toBe(
      "--of: the model has no column 'token'.\n  Did you mean 'tokens'?\n  It learned from tokens and provider.",
    )
  })
})

describe('names that are not meant', () => {
  test('the target has no weight, and that is said', async () => {
    const table = writeTable(folder, 'letters.csv', 'a,b,y', 60, k => [noise(k), noise(k + 7), noise(k)])
    const out = join(folder, 'letters')
    await train({ table, target: 'y', features: ['b'], epochs: 2, out }, memoryTerminal())
    expect(await complaintOf(explainRow({ run: out, row: 1, of: 'y' }, memoryTerminal()))).toMatch(
      /^--of: 'y' is the target: it is predicted, and has no weight/,
    )
    // A name of one letter is near no other one.
    expect(await complaintOf(explainRow({ run: out, row: 1, of: 'q' }, memoryTerminal()))).not.toContain(
      'Did you',
    )
  })
})
