import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compare } from '../../../examples/lesson/compare.ts'
import { programs } from '../../../examples/lesson/expected.ts'
import { describeCell } from '../../src/lib/cell/build/describe-cell.ts'

const sourceOf = (name: string) =>
  readFileSync(new URL(`../../../examples/lesson/${name}.ts`, import.meta.url), 'utf8')

describe('running a cell at build', () => {
  it.each(programs.map(program => [program.name, program] as const))(
    '%s prints what the lesson promises',
    async (name, program) => {
      const record = await describeCell(sourceOf(name), `${name}.ts`)
      expect(record.error).toBeNull()
      expect(compare(program, record.output.map(({ text }) => text).join('\n'))).toMatchObject({
        matched: true,
      })
      expect(record.values.length).toBeGreaterThan(2)
      expect(record.marks.length).toBeGreaterThan(record.values.length)
    },
  )

  it('reads numbers, arrays, truth values and tensors with their gradients', async () => {
    const { values } = await describeCell(sourceOf('11-autograd-confirms-the-gradient'), 'eleven.ts')
    const byName = new Map(values.map(value => [value.name, value]))
    expect(byName.get('n')).toEqual({ name: 'n', kind: 'number', numbers: { shape: [], data: [4], more: 0 } })
    expect(byName.get('rows')?.numbers.shape).toEqual([4, 2])
    expect(byName.get('agree')).toMatchObject({ kind: 'truth', numbers: { data: [1] } })
    expect(byName.get('w')).toMatchObject({ kind: 'tensor', dtype: 'float32' })
    expect(byName.get('w')?.grad?.data[0]).toBeCloseTo(-9.9, 5)
    expect(byName.has('lossOf')).toBe(false)
  })

  it('says where a program threw, and keeps what it had by then', async () => {
    const record = await describeCell('const w = 3\n\nw.mul(2)\nconst later = 1', 'cell.ts')
    expect(record.error).toMatchObject({
      kind: 'thrown',
      line: 3,
      message: expect.stringContaining('TypeError: w.mul'),
    })
    expect(record.values.map(({ name }) => name)).toEqual(['w'])
  })

  it('gives the line of the program for an error that the engine raises', async () => {
    const source =
      "import { tensor } from 'chainrule'\nconst a = tensor([1, 2])\nconst b = tensor([1, 2, 3])\na.add(b)"
    expect((await describeCell(source, 'cell.ts')).error).toMatchObject({ kind: 'thrown', line: 4 })
  })

  it('waits for a program that awaits', async () => {
    const record = await describeCell('const w = await Promise.resolve(2)\nconsole.log(w)', 'cell.ts')
    expect(record.output).toEqual([{ text: '2', tone: 'log' }])
  })
})
