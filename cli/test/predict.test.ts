// Predicting other tables: what the run has not seen is said, and its prediction left empty.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { predict } from '../src/actions/predict.ts'
import { train } from '../src/actions/train.ts'
import { memoryTerminal } from '../src/terminal/terminal.ts'
import { complaintOf, noise, temporaryFolder, writeLines, writeTable } from './support/files.ts'

const folder = temporaryFolder()
const run = join(folder, 'run')
const classRun = join(folder, 'classes')

beforeAll(async () => {
  const table = writeTable(folder, 'past.csv', 'tokens,provider,seconds,cached', 200, k => {
    const tokens = 10 + Math.floor(90 * noise(k))
    return [tokens, k % 2 ? 'groq' : 'lepton', 1 + tokens / 50 + (k % 2), tokens > 55 ? 'never' : 'always']
  })
  const features = ['tokens', 'provider']
  await train({ table, target: 'seconds', features, out: run }, memoryTerminal())
  await train({ table, target: 'cached', features, loss: 'bce', out: classRun }, memoryTerminal())
})

async function predicted(lines: readonly string[], which = run) {
  const table = writeLines(folder, 'more.csv', lines)
  const out = join(folder, 'predictions.csv')
  const terminal = memoryTerminal()
  const outcome = await predict({ run: which, table, out }, terminal)
  return { ...outcome, text: terminal.text(), lines: readFileSync(out, 'utf8').trimEnd().split('\n') }
}

describe('predictions', () => {
  test('every row of the table gets a line, in order, with its number', async () => {
    const { lines, text } = await predicted(['provider,tokens', 'groq,50', 'lepton,100'])
    expect(lines[0]).toBe('row,seconds,note')
    expect(lines.slice(1).map(line => line.split(',').map(Number))).toEqual([
      [1, expect.closeTo(3, 2), 0],
      [2, expect.closeTo(3, 2), 0],
    ])
    expect(text).toMatch(/^2 of 2 rows predicted → /)
  })

  test('rows with values that are missing, not finite or never seen stay empty, with the reason', async () => {
    const {
      lines,
      text,
      predicted: count,
    } = await predicted(['tokens,provider', '50,groq', ',groq', 'inf,lepton', '50,openai', '50,openai'])
    expect(count).toBe(1)
    expect(lines.slice(2)).toEqual([
      '2,,tokens is missing',
      '3,,tokens is not a finite number',
      '4,,"provider is \'openai\', which the model has not seen"'.replaceAll('\\', ''),
      '5,,"provider is \'openai\', which the model has not seen"'.replaceAll('\\', ''),
    ])
    expect(text.split('\n').slice(0, 2)).toEqual([
      expect.stringContaining('1 of 5 rows predicted'),
      "  2 rows left empty: provider is 'openai', which the model has not seen",
    ])
  })

  test('a table that has the target is scored', async () => {
    const { score, text } = await predicted([
      'tokens,provider,seconds',
      '50,groq,3',
      '100,lepton,3.5',
      '20,groq,2.4',
    ])
    expect(score).toMatchObject({ rows: 3 })
    expect(text).toMatch(/The table has seconds: R² 0\.\d+, RMSE 0\.\d+, MAE 0\.\d+ on 3 rows/)
  })

  test('classes are predicted with their probabilities', async () => {
    const { lines } = await predicted(['tokens,provider', '20,groq', '95,groq'], classRun)
    expect(lines[0]).toBe('row,cached,p(always),p(never),note')
    expect(lines[1]).toMatch(/^1,always,0\.9\d*,0\.0\d*,$/)
    expect(lines[2]).toMatch(/^2,never,0\.0\d*,0\.9\d*,$/)
  })
})

describe('refusals', () => {
  test('a missing column is named, with the one that was probably meant', async () => {
    expect(await complaintOf(predicted(['tokns,provider', '50,groq']))).toBe(
      [
        `${join(folder, 'more.csv')} lacks a column that the model needs: tokens.`,
        "  Is 'tokns' what the run calls 'tokens'? Rename it.",
        '  Its columns: tokns and provider.',
      ].join('\n'),
    )
  })

  test('a folder that holds no run is refused', async () => {
    expect(await complaintOf(predicted(['tokens,provider', '50,groq'], folder))).toMatch(
      /^There is no run in/,
    )
  })
})

describe('files that predictions must not replace', () => {
  test('the table, the run, and the table of the run are refused and stay as they are', async () => {
    const table = writeLines(folder, 'precious.csv', ['tokens,provider', '50,groq'])
    const refused = (out: string) => complaintOf(predict({ run, table, out }, memoryTerminal()))
    const record = readFileSync(join(run, 'run.json'), 'utf8')
    expect(await refused(table)).toMatch(/precious\.csv' is the table itself, and would be replaced/)
    expect(await refused(join(run, 'run.json'))).toMatch(/run\.json' is a part of the run/)
    expect(await refused(join(folder, 'past.csv'))).toMatch(/is the table that the run learned from/)
    expect(readFileSync(table, 'utf8')).toBe('tokens,provider\n50,groq\n')
    expect(readFileSync(join(run, 'run.json'), 'utf8')).toBe(record)
  })
})
