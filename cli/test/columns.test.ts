// What is decided about columns, rows and the target.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, test } from 'vitest'
import { type DataRequest, filterLine, prepareData } from '../src/table/data-set.ts'
import { openTable } from '../src/table/open.ts'
import { complaintOf, noise, temporaryFolder, writeTable } from './support/files.ts'

const folder = temporaryFolder()
let made = 0
const table = (header: string, count: number, row: (k: number) => readonly unknown[]) =>
  writeTable(folder, `table-${made++}.csv`, header, count, row)

async function prepare(path: string, request: Partial<DataRequest> & { target: string }) {
  const opened = await openTable(path)
  try {
    return await prepareData(opened, { loss: 'mse', ...request })
  } finally {
    opened.close()
  }
}
const saidOf = async (path: string, target = 'y') => {
  const data = await prepare(path, { target })
  return Object.fromEntries([
    ...data.used.map(({ encoding, how }) => [encoding.column, how]),
    ...data.leftOut.map(({ column, reason }) => [column, `left out: ${reason}`]),
  ])
}

describe('columns', () => {
  test('constant, mostly missing and unique text columns are left out, each with its reason', async () => {
    const path = table('y,x,same,rare,id', 60, k => [
      noise(k),
      k * k,
      550,
      k < 20 ? 1 + (k % 3) : '',
      `req-${k}`,
    ])
    expect(await saidOf(path)).toEqual({
      x: 'number: standardised',
      same: "left out: constant: '550' in every row",
      rare: 'left out: missing in 40 of 60 rows (67 %)',
      id: 'left out: text that is different in every row',
    })
  })

  test('a column that numbers the rows is left out, unless it is asked for', async () => {
    const path = table('n,x,y', 50, k => [k + 1, noise(k), noise(k + 99)])
    expect(await saidOf(path)).toMatchObject({
      n: 'left out: numbers the rows: every integer from 1 to 50 once',
    })
    const asked = await prepare(path, { target: 'y', features: ['n'] })
    expect(asked.used.map(({ encoding }) => encoding.column)).toEqual(['n'])
  })

  test('text becomes one-hot, compared with its most frequent value', async () => {
    const path = table('y,model', 30, k => [noise(k), k % 3 === 0 ? '7b' : '70b'])
    const data = await prepare(path, { target: 'y' })
    expect(data.features.map(({ label }) => label)).toEqual(['model = 7b'])
    expect(Array.from(data.x.slice(0, 4))).toEqual([1, 0, 0, 1])
    expect(data.used[0]?.how).toBe("text with 2 values: one-hot, compared with '70b'")
  })

  test('text with thousands of values keeps the frequent ones and lets the others share a weight', async () => {
    const path = table('y,user', 9000, k => [noise(k), k < 6000 ? `u${k % 40}` : `once${k % 2500}`])
    const data = await prepare(path, { target: 'y' })
    expect(data.used[0]?.how).toBe(
      'text with 2,540 values: one-hot for the 50 most frequent (67 % of the rows), the rest share "other"; compared with \'u0\'',
    )
    expect(data.features).toHaveLength(50)
    expect(data.features.at(-1)?.label).toBe('user = other')
  })

  test('text with thousands of values, none of them frequent, is left out', async () => {
    const path = table('y,x,session', 9000, k => [noise(k), k % 7, `s${k % 3000}`])
    expect(await saidOf(path)).toMatchObject({
      session:
        'left out: text with 3,000 values, too many to learn: the 50 most frequent cover 1.7 % of the rows',
    })
  })

  test('booleans, dates, times and text that holds numbers become numbers', async () => {
    const path = table('y,flag,day,at,size', 40, k => [
      noise(k),
      k % 2 === 0,
      `2024-01-${String((k % 28) + 1).padStart(2, '0')}`,
      `12:${String(k % 60).padStart(2, '0')}:00`,
      k === 16 ? 'n/a' : k,
    ])
    expect(await saidOf(path)).toEqual({
      flag: 'boolean: 1 where true',
      day: 'date: days since 2024-01-01, standardised',
      at: 'time of day: in seconds, standardised',
      size: "text that holds numbers: standardised; 1 value that is no number count as missing (first 'n/a', row 17)",
    })
    const data = await prepare(path, { target: 'y' })
    expect(Array.from(data.x.slice(4, 8))).toEqual([0, 1, 43260, 1])
  })

  test('a column of lists is left out', async () => {
    const path = join(folder, 'lists.parquet')
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run(
      `copy (select random() y, random() x, [i, i] parts from range(30) t(i)) to '${path}'`,
    )
    connection.closeSync()
    expect(await saidOf(path)).toMatchObject({
      parts: 'left out: a BIGINT[], which is not a number, text or time',
    })
  })

  test('a copy of the target is left out', async () => {
    const path = table('y,again,x', 40, k => [k * k, k * k, noise(k)])
    expect(await saidOf(path)).toMatchObject({
      again: 'left out: the same number as y in every row: it is the answer itself',
    })
  })

  test('a time within the target is said to be time already spent', async () => {
    const path = table('seconds,ttft_s,tokens', 60, k => [1 + noise(k), noise(k), k % 13])
    const { warnings } = await prepare(path, { target: 'seconds' })
    expect(warnings).toEqual([
      [
        'ttft_s never exceeds seconds and has its unit: it is time already spent. ' +
          'It explains seconds, it does not predict it: leave it out to predict before the fact.',
      ],
    ])
  })

  test('a time in another unit, or one that exceeds the target, is not', async () => {
    const path = table('seconds,ttft_ms,wait_s', 60, k => [1 + noise(k), noise(k), 4 * noise(k + 7)])
    expect((await prepare(path, { target: 'seconds' })).warnings).toEqual([])
  })
})

describe('rows', () => {
  test('rows with a missing or non-finite value are left out, and counted by reason', async () => {
    const path = table('y,x,model', 50, k => [
      k === 9 ? '' : noise(k),
      k < 3 ? 'inf' : k,
      k === 20 ? '' : k % 2 ? 'a' : 'b',
    ])
    const data = await prepare(path, { target: 'y' })
    expect(data.rows).toEqual({ total: 50, byFilter: 0, byProblem: 5, used: 45 })
    expect(data.rowNotes).toEqual([
      '3 rows left out: x is not a finite number',
      '1 row left out: model is missing',
      '1 row left out: y is missing',
    ])
    expect(data.rowNumbers.includes(10)).toBe(false)
  })
})

describe('the target', () => {
  const path = table('y,word,same,x', 40, k => [noise(k), k % 2 ? 'slow' : 'fast', 1, k % 7])

  test('an unknown target is answered with the nearest name and all that exist', async () => {
    expect(await complaintOf(prepare(path, { target: 'wrd' }))).toBe(
      `--target: ${path} has no column 'wrd'.\n  Did you mean 'word'?\n  Its columns: y, word, same and x.`,
    )
  })

  test('an unknown feature is answered likewise', async () => {
    expect(await complaintOf(prepare(path, { target: 'y', features: ['wordd'] }))).toMatch(
      /^--features: .* has no column 'wordd'\.\n {2}Did you mean 'word'\?/,
    )
  })

  test('the target among the features is refused', async () => {
    expect(await complaintOf(prepare(path, { target: 'y', features: ['x', 'y'] }))).toMatch(
      /^--features: 'y' is the target itself\./,
    )
  })

  test('a target that is text names the loss that takes it', async () => {
    expect(await complaintOf(prepare(path, { target: 'word' }))).toBe(
      "--target: 'word' is text ('fast' and 'slow'), and this loss needs a number.\n" +
        '  To learn which of its 2 values a row has, add --loss bce.',
    )
  })

  test('a constant target is refused', async () => {
    expect(await complaintOf(prepare(path, { target: 'same' }))).toBe(
      "--target: 'same' is constant: '1' in every row.\n  There is nothing to learn. Choose another target, or a wider filter.",
    )
  })

  test('a target that is constant after the filter is refused', async () => {
    expect(await complaintOf(prepare(path, { target: 'x', where: 'x = 3' }))).toMatch(
      /^--target: 'x' is constant: '3'/,
    )
  })

  test('a target that is empty after the filter is refused', async () => {
    const gaps = table('y,x', 40, k => [k < 20 ? k : '', k])
    expect(await complaintOf(prepare(gaps, { target: 'y', where: 'x >= 20' }))).toBe(
      "--target: 'y' is empty in all 20 rows.",
    )
  })

  test('no feature left is refused with the reasons', async () => {
    expect(await complaintOf(prepare(path, { target: 'y', features: ['same'] }))).toBe(
      "No column is left to learn from.\n  same: constant: '1' in every row",
    )
  })

  test('bce takes two values and names the positive one', async () => {
    const data = await prepare(path, { target: 'word', loss: 'bce' })
    expect(data.targetHow).toBe("two values: the probability of 'slow' (the other is 'fast')")
    expect(Array.from(data.y.slice(0, 3))).toEqual([0, 1, 0])
  })

  test('bce refuses three values, cross-entropy a thousand', async () => {
    expect(await complaintOf(prepare(path, { target: 'x', loss: 'bce' }))).toMatch(
      /--loss bce tells two values apart/,
    )
    const many = table('y,x', 1000, k => [k, noise(k)])
    expect(await complaintOf(prepare(many, { target: 'y', loss: 'cross-entropy' }))).toBe(
      "--target: 'y' has 1,000 different values; --loss cross-entropy learns at most 100 classes.\n  Use --loss mse for a number.",
    )
  })

  test('a value that a measured target repeats suspiciously often is warned about, with the column that marks it', async () => {
    const log = table('seconds,x,error_code', 300, k =>
      k % 10 === 0 ? [0, k % 7, 429] : [1 + noise(k), k % 7, ''],
    )
    const { warnings } = await prepare(log, { target: 'seconds' })
    expect(warnings[0]).toEqual([
      'seconds is exactly 0 in 30 of 300 rows (10 %); no other value repeats like that.',
      'Such rows are often failures that were logged, not measurements, and the model learns them as if they were.',
      'error_code has a value in all of them: try --where "error_code is null".',
    ])
  })

  test('a count, whose values all repeat, is not suspicious', async () => {
    const counts = table('clicks,x', 600, k => [k % 30, noise(k)])
    expect((await prepare(counts, { target: 'clicks' })).warnings).toEqual([])
  })
})

const log = fileURLToPath(new URL('../../../shared/data/llm-latency.csv', import.meta.url))
describe.skipIf(!existsSync(log))('the log of 2,845 real requests (skipped where it is not at hand)', () => {
  test('the filter leaves out 539 of 2,845 rows', async () => {
    const data = await prepare(log, { target: 'seconds', where: 'error_code is null' })
    expect(filterLine(data.rows)).toBe('539 of 2,845 rows left out by the filter')
    expect(data.rows.used).toBe(2306)
  })

  test('without a filter, its traps are all said', async () => {
    const data = await prepare(log, { target: 'seconds' })
    expect(data.leftOut).toEqual([
      { column: 'input_tokens', reason: "constant: '550' in every row" },
      { column: 'error_code', reason: 'missing in 2,306 of 2,845 rows (81 %)' },
    ])
    expect(data.warnings[0]?.[0]).toMatch(/^seconds is exactly 0 in 393 of 2,845 rows \(14 %\)/)
    expect(data.warnings[0]?.[2]).toBe(
      'error_code has a value in all of them (and in 146 other rows): try --where "error_code is null".',
    )
    expect(data.warnings[1]?.[0]).toMatch(/^ttft_s never exceeds seconds/)
  })
})

describe('numbers that are written oddly', () => {
  const prepared = async (header: string, row: (k: number) => readonly unknown[], target = 'y') => {
    const table = await openTable(writeTable(folder, 'odd.csv', header, 60, row))
    try {
      return await prepareData(table, { target, loss: 'mse' })
    } finally {
      table.close()
    }
  }

  test('NA counts as missing in a column of numbers, however often it occurs', async () => {
    const data = await prepared('x,often,y', k => [
      k % 4 ? noise(k) : 'NA',
      k % 4 ? 'n/a' : noise(k),
      noise(k + 1),
    ])
    expect(data.used.map(({ how }) => how)).toEqual([
      "text that holds numbers: standardised; 15 values that are no number count as missing (first 'NA', row 1)",
    ])
    expect(data.leftOut).toEqual([
      { column: 'often', reason: 'text without a number in 45 of 60 rows (75 %)' },
    ])
  })

  test('signs of money and decimal commas are pointed out', async () => {
    const data = await prepared('x,price,y', k => [noise(k), `"$1,${100 + k}.50"`, noise(k + 1)])
    expect(data.leftOut[0]?.reason).toBe(
      "text that is different in every row (numbers with signs or separators, such as '$1,100.50', are read as text: " +
        'write them plainly, as 1234.5)',
    )
    expect(await complaintOf(prepared('x,y', k => [noise(k), `"${k},5"`]))).toMatch(
      /numbers with signs or separators, such as '0,5', are read as text/,
    )
  })

  test('numbers whose squares no double holds are left out, and refused as a target', async () => {
    const data = await prepared('x,huge,y', k => [noise(k), `${noise(k)}e300`, noise(k + 1)])
    expect(data.leftOut[0]?.reason).toMatch(/^numbers up to .*, too large to compute with/)
    expect(await complaintOf(prepared('x,y', k => [noise(k), `${noise(k)}e300`]))).toMatch(
      /'y' has numbers up to .*, too large to compute with/,
    )
  })

  test('numbers too near to each other for a deviation are left out, and refused as a target', async () => {
    const data = await prepared('x,tiny,y', k => [noise(k), `${noise(k)}e-180`, noise(k + 1)])
    expect(data.leftOut[0]?.reason).toMatch(/^numbers from .* to .*, too near to each other to compute with/)
    expect(await complaintOf(prepared('x,y', k => [noise(k), `${noise(k)}e-180`]))).toMatch(
      /'y' has numbers from .* to .*, too near to each other to compute with/,
    )
  })

  test('a value with a line break keeps to its line', async () => {
    const data = await prepared('x,note,y', k => [
      noise(k),
      `"one\n${k % 2 ? 'two' : 'three'}"`,
      noise(k + 1),
    ])
    expect(data.features.map(({ label }) => label)).toContain('note = one\\ntwo')
  })
})
