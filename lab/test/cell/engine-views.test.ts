import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { describeCell } from '../../src/lib/cell/build/describe-cell.ts'
import { type EngineView, explainByEngine, givenFrom } from '../../src/lib/cell/engine-view.ts'

const programs = new URL('../../../examples/lesson/', import.meta.url)
const folder = new URL('../../lessons/gradients-and-backprop/engine-views/', import.meta.url)
const files = readdirSync(programs).filter(name => /^\d\d-.*\.ts$/.test(name))
const views = readdirSync(folder).filter(name => name.endsWith('.ts'))

async function load(file: string) {
  const name = views.find(own => file.endsWith(`-${own}`))
  if (name === undefined) throw new Error(`${file} has no engine view`)
  const { view } = (await import(new URL(name, folder).pathname)) as { view: EngineView }
  const { values } = await describeCell(readFileSync(new URL(file, programs), 'utf8'), file)
  return { view, values }
}

describe("the engine's views of the programs written by hand", () => {
  it.each(files)('agree with what %s computed', async file => {
    const { view, values } = await load(file)
    expect(view.explains.length).toBeGreaterThan(0)
    for (const entry of view.explains) {
      const { text, svg } = await explainByEngine(view, values, entry)
      const stated = Number(/^d loss \/ d \S+ = (\S+)/.exec(text)?.[1])
      const value = values.find(({ name }) => name === entry.name)
      expect(svg).toMatch(/^<svg/)
      // A parameter stands for the gradient at its value: there is nothing in the program to compare with.
      if (entry.name === 'w') continue
      const own = value?.numbers.data[entry.element[0] ?? 0]
      expect(stated).toBeCloseTo(own as number, file.startsWith('02') ? 1 : 4)
    }
  })

  it('follow an edited number', async () => {
    const { view, values } = await load('03-analytical-versus-numerical-slope.ts')
    const edited = values.map(value =>
      value.name === 'w' ? { ...value, numbers: { ...value.numbers, data: [4] } } : value,
    )
    expect((await explainByEngine(view, edited, view.explains[0]!)).text).toContain('d loss / d w = 12')
  })

  it('say which number is gone from an edited program', () => {
    expect(() => givenFrom([]).number('x')).toThrow('The program has no number called x any more')
  })
})
