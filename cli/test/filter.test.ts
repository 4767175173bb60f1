// The filter: what it keeps, and where it says an error is.
import { describe, expect, test } from 'vitest'
import { selectRows } from '../src/table/filter.ts'
import { openTable } from '../src/table/open.ts'
import { complaintOf, temporaryFolder, writeLines, writeTable } from './support/files.ts'

const folder = temporaryFolder()
const path = writeTable(folder, 'log.csv', 'seconds,error_code,provider', 20, k => [
  k / 2,
  k % 4 === 0 ? 429 : '',
  k % 2 === 0 ? 'groq' : 'lepton',
])

async function select(where: string | undefined) {
  const table = await openTable(path)
  try {
    const selection = await selectRows(table, where)
    const rows = await table.rows('select __row as n from kept order by __row limit 3')
    return { ...selection, first: rows.map(row => row.n) }
  } finally {
    table.close()
  }
}

describe('rows kept', () => {
  test.each([undefined, 'error_code is null'])(
    'single columns are looked at without the others, of which a table may have thousands (%s)',
    async where => {
      const table = await openTable(path)
      const selection = await selectRows(table, where)
      const column = table.columns[2]
      if (column === undefined) throw new Error('the table has three columns')
      const rows = await table.rows(`select * from ${selection.only(column)} order by __row limit 2`)
      table.close()
      expect(rows.map(row => Object.keys(row))).toEqual([
        ['__row', 'provider'],
        ['__row', 'provider'],
      ])
      expect(rows[0]?.__row).toBe(where === undefined ? 1 : 2)
    },
  )

  test('without a condition every row is kept', async () => {
    expect(await select(undefined)).toMatchObject({ kept: 20, leftOut: 0, first: [1, 2, 3] })
  })

  test('rows keep the numbers that they have in the file', async () => {
    expect(await select('error_code is null')).toMatchObject({ kept: 15, leftOut: 5, first: [2, 3, 4] })
  })

  test('a condition that is unknown for a row leaves it out', async () => {
    expect(await select('error_code <> 500')).toMatchObject({ kept: 5 })
  })

  test.each(['seconds > 1) or (seconds > 0', 'seconds > 1 order by seconds', 'seconds > 1 limit 5'])(
    'what is more than a condition is refused: %s',
    async where => {
      expect(await complaintOf(select(where))).toMatch(/^--where: syntax error at or near .*\n.*\n +\^/)
    },
  )

  test('a comment at the end of the condition does no harm', async () => {
    expect(await select("provider = 'groq' -- the fast one")).toMatchObject({ kept: 10 })
  })
})

describe('conditions refused', () => {
  test.each([
    ['error_code is nul', '--where: syntax error at or near "nul"\n  error_code is nul\n                ^'],
    [
      'seconds > ',
      '--where: the condition is not complete\n  seconds > \n           ^ something is missing here',
    ],
    [
      '(seconds > 1',
      '--where: the condition is not complete\n  (seconds > 1\n              ^ something is missing here',
    ],
    ['seconds >\n  1 andd 2', '--where: syntax error at or near "andd"\n  seconds >\n    1 andd 2\n      ^'],
    [
      'nosuch(seconds) > 1',
      '--where: Scalar Function with name nosuch does not exist!\n  nosuch(seconds) > 1\n  ^',
    ],
  ])('%j is shown with a caret under the place', async (where, message) => {
    expect(await complaintOf(select(where))).toBe(message)
  })

  test('an unknown column is named, with the nearest one and all that exist', async () => {
    expect(await complaintOf(select('eror_code is null'))).toBe(
      [
        `--where: ${path} has no column 'eror_code'.`,
        '  eror_code is null',
        '  ^',
        "  Did you mean 'error_code'?",
        '  Its columns: seconds, error_code and provider.',
      ].join('\n'),
    )
  })

  test('the caret finds its place in a long line, which DuckDB shortens', async () => {
    const where = `${"provider <> 'x' and ".repeat(12)}seconds is nul and ${"provider <> 'y' and ".repeat(6)} 1 = 1`
    const [, line, caret] = (await complaintOf(select(where))).split('\n')
    expect(line?.slice(caret?.indexOf('^'))).toMatch(/^nul and/)
  })

  test('a value that is no condition is refused with an example', async () => {
    expect(await complaintOf(select('seconds'))).toMatch(
      /^--where: this is a value of type DOUBLE, not a condition\./,
    )
  })

  test('a second statement is refused', async () => {
    expect(await complaintOf(select('1 = 1; drop table source'))).toMatch(/^--where: syntax error/)
  })

  test('an empty condition is refused', async () => {
    expect(await complaintOf(select(' '))).toMatch(/^--where: the condition is empty\./)
  })

  test('a condition that no row satisfies says so', async () => {
    expect(await complaintOf(select('seconds > 1000'))).toBe(
      `--where: none of the 20 rows of ${path} satisfies it.\n  seconds > 1000\n  Nothing is left to learn from.`,
    )
  })
})

describe('errors without a place', () => {
  test('an error of values or parameters says what happened, not that something is missing', async () => {
    const table = await openTable(writeLines(folder, 'placeless.csv', ['a,b', '1,2', '3,4']))
    expect(await complaintOf(selectRows(table, "error('boo')::boolean"))).toMatch(/^--where: boo/)
    expect(await complaintOf(selectRows(table, 'a > $1'))).toMatch(/parameter/)
    table.close()
  })
})
