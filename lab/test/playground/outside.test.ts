// What comes from outside: pasted tables, addresses; and what goes out: programs.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromFragment, initialState, toFragment } from '../../src/lib/playground/address.ts'
import { numberIn, numericColumns, readTable, type Table, toDataSet } from '../../src/lib/playground/csv.ts'
import { exportProgram } from '../../src/lib/playground/export-program.ts'
import { presetData } from '../../src/lib/playground/preset-data.ts'
import { presets } from '../../src/lib/playground/presets.ts'
import { activations, defaultModel, limits, optimizers, problemWith } from '../../src/lib/playground/spec.ts'
import { Trainer } from '../../src/lib/playground/trainer.ts'

const table = (text: string) => readTable(text) as Table

describe('a pasted table', () => {
  test('finds columns, separators and a missing header', () => {
    expect(table('a;b\n1;2\n3;4').columns).toEqual(['a', 'b'])
    expect(table('a\tb\n1\t2').rows).toEqual([['1', '2']])
    expect(table('\uFEFFa,b\r\n1,2\r\n').columns).toEqual(['a', 'b'])
    const bare = table('1,2\n3,4')
    expect(bare.columns).toEqual(['column 1', 'column 2'])
    expect(bare.rows).toHaveLength(2)
    expect(bare.notes.join()).toContain('numbered')
    expect(table('a,a,a\n1,2,3').columns).toEqual(['a', 'a (2)', 'a (3)'])
    expect(table('a,a,a (2)\n1,2,3').columns).toEqual(['a', 'a (3)', 'a (2)'])
  })

  test('reads commas in numbers between semicolons, and says so', () => {
    const t = table('a;b\n1,5;−2,5e3\n2;x,y\n')
    expect(t.rows).toEqual([
      ['1.5', '−2.5e3'],
      ['2', 'x,y'],
    ])
    expect(t.notes.join()).toContain('1,5 is read as 1.5')
    expect(table('a;b\n1.5;2').notes).toEqual([])
  })

  test('leaves out gaps, text and ragged rows, and says so with the line', () => {
    const t = table('x,y\n1,2\n,3\nabc,4\n5\n6,NaN\n7,1e400\n8,9\n')
    expect(t.notes.join()).toContain('first on line 5')
    const { data, notes } = toDataSet(t, [0], 1)
    expect(data.examples).toEqual([
      { inputs: [1], target: 2 },
      { inputs: [8], target: 9 },
    ])
    expect(notes.join()).toContain('4 rows are left out')
  })

  test('offers numeric columns and recognises classes', () => {
    const t = table('who,x,label\nann,1,0\nbob,2,1\ncy,3,1')
    expect(numericColumns(t)).toEqual([1, 2])
    expect(toDataSet(t, [1], 2).data.task).toBe('classification')
    expect(toDataSet(t, [2], 1).data.task).toBe('regression')
  })

  test('takes rows evenly from a long table', () => {
    const text = `x,y\n${Array.from({ length: 3000 }, (_, i) => `${i},${2 * i}`).join('\n')}`
    const { data, notes } = toDataSet(table(text), [0], 1)
    expect(data.examples).toHaveLength(limits.examples)
    expect(data.examples[limits.examples - 1]!.inputs[0]).toBeGreaterThan(2900)
    expect(notes.join()).toContain('npx chainrule train')
  })

  test('names the line of a quotation mark that is never closed', () => {
    const problem = (text: string) => (readTable(text) as { problem: string }).problem
    expect(problem('a,b\n1,2\n"3,4\n5,6\n')).toMatch(/opens on line 3 and is never closed/)
    expect(problem('\n\na,b\n1,"2\n')).toMatch(/opens on line 4 /)
    expect(problem('a,b\n"x ""y"" ,1\n')).toMatch(/opens on line 2 /)
    // Closed ones, over lines too, and one within a cell, are text.
    expect(table('a,b\n"1\n",2\n"3",4').rows).toEqual([
      ['1\n', '2'],
      ['3', '4'],
    ])
    expect(table('a,b\n5" pipe,2').rows).toEqual([['5" pipe', '2']])
    expect(table('"a ""b""",c\n1,2').columns).toEqual(['a "b"', 'c'])
  })

  test('answers what is no table with a sentence', () => {
    for (const text of ['', '   \n', 'a,b', 'a\0b', 'x'.repeat(5_000_000)])
      expect(readTable(text)).toHaveProperty('problem')
  })

  test('never throws, whatever is pasted', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), text => {
        const t = readTable(text)
        if ('problem' in t) return
        const columns = numericColumns(t)
        toDataSet(t, columns, 0)
      }),
    )
  })

  test('reads numbers strictly', () => {
    expect(['1', ' -2.5e3', '−4', '.5', '1.'].map(numberIn)).toEqual([1, -2500, -4, 0.5, 1])
    for (const cell of ['', '1,5', '0x10', 'Infinity', '1e99', '--1', '1 2'])
      expect(numberIn(cell)).toBe(null)
  })
})

describe('the address', () => {
  test('brings back every preset and drawn data exactly', () => {
    const start = initialState()
    expect(fromFragment(toFragment(start)!)).toEqual(start)
    for (const preset of presets) {
      const drawn = {
        data: { ...presetData(preset.id), name: 'drawn' },
        preset: null,
        model: { ...defaultModel, batch: 8 },
      }
      expect(fromFragment(toFragment(drawn)!)).toEqual(drawn)
    }
  })

  test('refuses what is damaged, too large or hostile with a sentence, and never throws', () => {
    const encode = (x: unknown) => `#p=${Buffer.from(JSON.stringify(x)).toString('base64url')}`
    const { model } = initialState()
    const hostile = [
      '#p=%%%',
      '#p=',
      `#p=${'A'.repeat(20_000)}`,
      encode(null),
      encode({ v: 2, model, data: 'xor' }),
      encode({ v: 1, model, data: '__proto__' }),
      encode({ v: 1, model: { ...model, hidden: [1e9] }, data: 'xor' }),
      encode({ v: 1, model: { ...model, hidden: [8, 8, 8, 8] }, data: 'xor' }),
      encode({ v: 1, model: { ...model, rate: '<script>' }, data: 'xor' }),
      encode({ v: 1, model, data: { ...initialState().data, examples: [{ inputs: [1], target: 0 }] } }),
      encode({ v: 1, model, data: { ...initialState().data, examples: [{ inputs: [1, 2], target: 7 }] } }),
      encode({ v: 1, model, data: { ...initialState().data, target: 'x'.repeat(500) } }),
      encode({ v: 1, model, data: { ...initialState().data, columns: [] } }),
      encode({
        v: 1,
        model,
        data: { ...initialState().data, examples: [{ inputs: [1e300, 2], target: 1 }] },
      }),
      encode({ v: 1, model, data: 7 }),
      encode({ v: 1, model: null, data: 'xor' }),
      encode([]),
    ]
    for (const fragment of hostile) expect(fromFragment(fragment)).toHaveProperty('problem')
    // In plain words, whatever is wrong: no name of a field, nothing of the library that checks.
    for (const fragment of hostile) {
      const { problem } = fromFragment(fragment) as { problem: string }
      expect(problem).toMatch(/^The address holds a playground that cannot be opened: [a-z].*\.$/)
      expect(problem).not.toMatch(/Invalid|Expected|received|[a-z]\.[a-z]|[{}"]/)
    }
    const { problem } = fromFragment(encode({ v: 1, model: { ...model, rate: 'x' }, data: 'xor' })) as {
      problem: string
    }
    expect(problem).toContain('its learning rate is no number from 0.00001 to 10')
    expect(fromFragment('')).toBe(null)
    expect(fromFragment('#section')).toBe(null)
    fc.assert(
      fc.property(fc.string(), text => {
        fromFragment(`#p=${text}`)
      }),
    )
  })

  test('is given up where the data are too many for it', () => {
    const examples = Array.from({ length: 300 }, (_, i) => ({
      inputs: Array.from({ length: 8 }, (_, c) => i / 7 + c),
      target: i,
    }))
    const columns = Array.from({ length: 8 }, (_, c) => `c${c}`)
    const data = { ...initialState().data, task: 'regression' as const, columns, examples }
    expect(toFragment({ data, preset: null, model: defaultModel })).toBe(null)
  })
})

describe('the exported program', () => {
  test('runs in Node and prints the loss of the playground to the last digit', () => {
    // Inside the workspace, so that `chainrule` is found.
    const folder = mkdtempSync(fileURLToPath(new URL('../../.exported-', import.meta.url)))
    try {
      const cases = [
        { id: 'xor', model: { ...defaultModel, optimizer: 'adam' as const, rate: 0.05, batch: 7 } },
        { id: 'lesson', model: { ...defaultModel, hidden: [], rate: 0.03 } },
        {
          id: 'wave',
          model: {
            ...defaultModel,
            activation: 'relu' as const,
            hidden: [5, 3],
            optimizer: 'momentum' as const,
            rate: 0.01,
          },
        },
      ]
      for (const { id, model } of cases) {
        const data = {
          ...presetData(id),
          columns: ['a\nprocess.exit(3)//', 'b*/'].slice(0, id === 'wave' ? 1 : 2),
        }
        const trainer = new Trainer(data, model)
        for (let i = 0; i < 25; i++) trainer.step()
        const file = join(folder, `${id}.ts`)
        writeFileSync(file, exportProgram(data, model, 25))
        const out = execFileSync('npx', ['tsx', file], { encoding: 'utf8' })
        expect(out.trim()).toBe(`loss ${trainer.now.total}`)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('says what is wrong instead of exporting what cannot be trained', () => {
    const data = { ...initialState().data, examples: [] }
    expect(problemWith(data)).toContain('two rows')
    expect(exportProgram(data, defaultModel, 5)).toMatch(/^\/\/ At least two rows/)
  })

  test('covers every activation and optimiser', () => {
    for (const activation of activations)
      for (const optimizer of optimizers)
        expect(exportProgram(initialState().data, { ...defaultModel, activation, optimizer }, 3)).toContain(
          'nn.Sequential',
        )
  })
})
