// Opening tables: formats, and every way in which a file can be no table.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, test } from 'vitest'
import { selectRows } from '../src/table/filter.ts'
import { openTable } from '../src/table/open.ts'
import { profileColumns } from '../src/table/profile.ts'
import { readRows } from '../src/table/read.ts'
import { complaintOf, temporaryFolder, writeLines, writeTable } from './support/files.ts'

const folder = temporaryFolder()
const shapeOf = async (path: string) => {
  const table = await openTable(path)
  const shape = { rows: table.rowCount, columns: table.columns.map(({ name, kind }) => `${name}: ${kind}`) }
  table.close()
  return shape
}

describe('tables that open', () => {
  const expected = { rows: 2, columns: ['a: number', 'b: text'] }

  test('a CSV file opens with its columns typed', async () => {
    expect(await shapeOf(writeLines(folder, 'plain.csv', ['a,b', '1,x', '2.5,y']))).toEqual(expected)
  })

  test('tabs and semicolons are recognised', async () => {
    expect(await shapeOf(writeLines(folder, 'plain.tsv', ['a\tb', '1\tx', '2\ty']))).toEqual(expected)
    expect(await shapeOf(writeLines(folder, 'semi.csv', ['a;b', '1;x', '2;y']))).toEqual(expected)
  })

  test('separators and line breaks inside quotation marks belong to the value', async () => {
    expect(await shapeOf(writeLines(folder, 'quoted.csv', ['a,b', '1,"x, and', 'more"', '2,y']))).toEqual(
      expected,
    )
  })

  test('columns of one name, or of none, are given names, and each is said', async () => {
    const table = await openTable(writeLines(folder, 'twice.csv', ['a,,A,b', '1,2,3,x', '4,5,6,y']))
    expect(table.renamed).toEqual([
      "column 2 has no name: called 'column1'",
      "column 3 is another 'A': called 'A_1'",
    ])
    table.close()
  })

  test('columns called rowid and __row are columns like others, and rows keep their places', async () => {
    const table = await openTable(
      writeLines(folder, 'rowid.csv', ['RowId,__row,y', '7,70,1', '5,50,2', '6,60,3']),
    )
    expect(table.columns.map(({ name }) => name)).toEqual(['RowId', '__row', 'y'])
    for (const where of [undefined, 'rowid < 7 and __row > 0']) {
      const selection = await selectRows(table, where)
      expect(selection.kept).toBe(where === undefined ? 3 : 2)
      const encodings = ['RowId', '__row'].map(
        column => ({ kind: 'number', column, fromText: false }) as const,
      )
      const read = await readRows(table, { encodings, from: 'kept' })
      const first = where === undefined ? [1] : []
      expect([...read.rowNumbers]).toEqual([...first, 2, 3])
      expect([...read.x].slice(-4)).toEqual([5, 50, 6, 60])
      const [profile] = await profileColumns(selection, table.columns.slice(1, 2))
      expect(profile).toMatchObject({ largest: where === undefined ? 70 : 60, least: 50 })
    }
    table.close()
  })

  test('a gzipped CSV file opens', async () => {
    const path = join(folder, 'packed.csv.gz')
    writeFileSync(path, gzipSync('a,b\n1,x\n2,y\n'))
    expect(await shapeOf(path)).toEqual(expected)
  })

  test('JSON opens, as an array and as lines', async () => {
    expect(
      await shapeOf(writeLines(folder, 'rows.json', ['[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]'])),
    ).toEqual(expected)
    expect(
      await shapeOf(writeLines(folder, 'rows.jsonl', ['{"a": 1, "b": "x"}', '{"a": 2, "b": "y"}'])),
    ).toEqual(expected)
  })

  test('Parquet opens, with dates, decimals, booleans and lists told apart', async () => {
    const path = join(folder, 'rows.parquet')
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run(
      `copy (select 1.5::decimal(5, 2) as price, true as paid, date '2024-01-01' as day, [1, 2] as parts) to '${path}'`,
    )
    connection.closeSync()
    expect(await shapeOf(path)).toEqual({
      rows: 1,
      columns: ['price: number', 'paid: boolean', 'day: date', 'parts: other'],
    })
  })

  test('a glob reads its files in the order of their names', async () => {
    mkdirSync(join(folder, 'parts'))
    writeLines(folder, 'parts/2.csv', ['a,b', '3,z'])
    writeLines(folder, 'parts/1.csv', ['a,b', '1,x', '2,y'])
    const table = await openTable(join(folder, 'parts/*.csv'))
    const rows = await table.rows('select rowid + 1 as row, a from source order by rowid')
    table.close()
    expect(rows).toEqual([
      { row: 1, a: 1 },
      { row: 2, a: 2 },
      { row: 3, a: 3 },
    ])
  })

  test('rows of a large file keep their numbers', async () => {
    const path = writeTable(folder, 'large.csv', 'k,b', 200_000, k => [k + 1, k % 7])
    const table = await openTable(path)
    const [row] = await table.rows('select count(*) as wrong from source where k <> rowid + 1')
    table.close()
    expect(row).toEqual({ wrong: 0 })
  })

  test('after opening, SQL can read no other file', async () => {
    const table = await openTable(join(folder, 'plain.csv'))
    await expect(table.rows(`select * from read_csv('${join(folder, 'semi.csv')}')`)).rejects.toThrow(
      /disabled/,
    )
    table.close()
  })
})

describe('files that are no table', () => {
  test('a missing file is named, with the folder that was looked in', async () => {
    expect(await complaintOf(openTable('nowhere.csv'))).toBe(
      `There is no file 'nowhere.csv'.\n  Looked from ${process.cwd()}.`,
    )
  })

  test('a compressed file that is cut off or damaged is refused, even where a whole line ends', async () => {
    const whole = gzipSync(`a,b\n${'1,2\n'.repeat(1000)}`)
    const path = join(folder, 'cut.csv.gz')
    writeFileSync(path, whole.subarray(0, whole.length - 9))
    expect(await complaintOf(openTable(path))).toBe(
      `${path} is cut off: its compressed data ends before its end.\n  Copy or download it again.`,
    )
    writeFileSync(path, 'a,b\n1,2\n')
    expect(await complaintOf(openTable(path))).toMatch(/is damaged, or not compressed with gzip\.$/)
  })

  test('a pipe or a device is refused at once: nobody may ever write to it', async () => {
    const pipe = join(folder, 'pipe.csv')
    execFileSync('mkfifo', [pipe])
    for (const path of [pipe, '/dev/null', '/dev/zero']) {
      expect(await complaintOf(openTable(path))).toBe(
        `${path} is a pipe or a device, not a file.\n  A table is read more than once: save it to a file first.`,
      )
    }
  })

  test('files of a glob that separate their columns differently are refused', async () => {
    const mixed = join(folder, 'separators')
    mkdirSync(mixed)
    writeLines(mixed, 'a.csv', ['a,b', '1,2'])
    const odd = writeLines(mixed, 'b.csv', ['a;b', '3;4'])
    expect(await complaintOf(openTable(join(mixed, '*.csv')))).toBe(
      `${odd} separates its columns with ';', the files before it with ','.\n  Choose files of one kind, or convert it.`,
    )
  })

  test('a glob without a match says so', async () => {
    expect(await complaintOf(openTable(join(folder, 'no*where.csv')))).toMatch(
      /^No file matches '.*no\*where\.csv'\./,
    )
  })

  test('a folder is answered with a glob to try', async () => {
    expect(await complaintOf(openTable(folder))).toBe(
      `${folder} is a folder.\n  Name its files with a glob in quotes: '${folder}/*.csv'.`,
    )
  })

  test('an empty file is called empty', async () => {
    const path = join(folder, 'nothing.csv')
    writeFileSync(path, '')
    expect(await complaintOf(openTable(path))).toBe(`${path} is empty: it has no line of column names.`)
  })

  test('a header without rows is called empty', async () => {
    const path = writeLines(folder, 'header.csv', ['a,b,c'])
    expect(await complaintOf(openTable(path))).toBe(`${path} is empty: it names 3 columns but has no rows.`)
  })

  test('a first line of numbers is no header', async () => {
    const path = writeLines(folder, 'headless.csv', ['1,2', '3,4'])
    expect(await complaintOf(openTable(path))).toBe(
      `${path}: the first line should name the columns, but it holds numbers.\n  line 1: 1,2\n  Add a line of column names at the top.`,
    )
  })

  test('malformed rows are named by file and line', async () => {
    const good = Array.from({ length: 30 }, (_, k) => `${k},${k},x`)
    const path = writeLines(folder, 'ragged.csv', ['a,b,c', ...good, '1,2,3,4', ...good, '1,2'])
    expect(await complaintOf(openTable(path))).toBe(
      [
        '2 rows do not fit the table.',
        `  ${path}, line 32: 4 values where the header has 3 names: '1,2,3,4'`,
        `  ${path}, line 63: 2 values where the header has 3 names: '1,2'`,
        '  Mend or remove them; nothing was trained.',
      ].join('\n'),
    )
  })

  test('a malformed row in one file of a glob is named in that file', async () => {
    mkdirSync(join(folder, 'mixed'))
    writeLines(folder, 'mixed/1.csv', ['a,b', '1,x', '2,y'])
    const bad = writeLines(folder, 'mixed/2.csv', ['a,b', '1,x', '2,y,z'])
    expect(await complaintOf(openTable(join(folder, 'mixed/*.csv')))).toContain(
      `${bad}, line 3: 3 values where the header has 2 names: '2,y,z'`,
    )
  })

  test('a quotation mark that is never closed is found', async () => {
    const path = writeLines(folder, 'open-quote.csv', ['a,b', '1,x', '2,"y', '3,z'])
    expect(await complaintOf(openTable(path))).toContain(
      `${path}, line 3: a quotation mark opens and is never closed: '2,"y'`,
    )
  })

  test('bytes that are not UTF-8 are found', async () => {
    const path = join(folder, 'latin.csv')
    writeFileSync(
      path,
      Buffer.concat([Buffer.from('a,b\n1,caf'), Buffer.from([0xe9]), Buffer.from('\n2,x\n')]),
    )
    expect(await complaintOf(openTable(path))).toContain(`${path}, line 2: bytes that are not UTF-8`)
  })

  test('a header that is not UTF-8 is not called empty', async () => {
    const path = join(folder, 'latin-header.csv')
    writeFileSync(path, Buffer.from('a,caf\u00e9\n1,2\n3,4\n', 'latin1'))
    expect(await complaintOf(openTable(path))).toMatch(
      /line 1: the names of the columns hold bytes that are not UTF-8\.\n {2}Convert it: iconv/,
    )
  })

  test('malformed JSON is named by line', async () => {
    const path = writeLines(folder, 'broken.jsonl', ['{"a": 1}', '{"a": 2', '{"a": 3}'])
    expect(await complaintOf(openTable(path))).toMatch(/cannot be read as JSON\.\n.*in line 3/)
  })

  test('a file that is no Parquet is called so', async () => {
    const path = writeLines(folder, 'fake.parquet', ['hello'])
    expect(await complaintOf(openTable(path))).toMatch(/cannot be read as Parquet\./)
  })
})

describe('files that are no text', () => {
  const bytes = (name: string, content: Buffer | string) => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }

  test.each([
    ['wide.csv', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), /is text in UTF-16.*\n {2}Convert it: iconv/],
    ['sheet.xlsx', 'PK\u0003\u0004rest', /is an Excel workbook or a zip archive/],
    ['packed.csv', gzipSync('a,b\n1,2\n'), /is compressed with gzip\.\n {2}Let its name end in \.gz/],
    ['noise.dat', Buffer.from([1, 0, 200, 10, 0, 7]), /noise\.dat is not text/],
  ])('%s is told what it is', async (name, content, message) => {
    expect(await complaintOf(openTable(bytes(name, content)))).toMatch(message)
  })

  test('binary content without a telling start gets a sentence, not the options of a parser', async () => {
    const content = Buffer.from(Array.from({ length: 5000 }, (_, k) => 1 + ((k * k * 37 + k * 11) % 255)))
    expect((await complaintOf(openTable(bytes('odd.csv', content)))).split('\n').length).toBeLessThan(10)
  })

  test('a line above the header is named, and each row that does not fit it is counted once', async () => {
    const path = writeLines(folder, 'above.csv', ['# exported', 'a,b,c', '1,2,3', '4,5,6'])
    expect(await complaintOf(openTable(path))).toMatch(
      /^3 rows do not fit the table\.\n.*line 2: 3 values where the header has 1 name: 'a,b,c'[\s\S]*it holds one name: '# exported'/,
    )
  })
})
