// An operation is one definition, one typed method and one line in the index: this test demands all three.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as chainrule from 'chainrule'
import { describe, expect, test } from 'vitest'
import { primitives } from '../src/primitives/index.ts'

const source = fileURLToPath(new URL('../src', import.meta.url))

/** Primitives that users reach under another name, or only through composites. */
const otherwise: Readonly<Record<string, string>> = {
  alias: 'clone',
  cast: 'to',
  recurrence: 'cumprod',
  cumulativePosition: 'cummax',
  windows: 'im2col',
  overlapAdd: 'col2im',
  lastWriter: 'scatter',
  members: 'scatterReduce',
}
/** Functions of several tensors, or of something other than a tensor first, have no method. */
const functionsOnly = new Set(['cat'])

const names = primitives.map(p => p.name)
const method = (name: string): unknown =>
  (chainrule.Tensor.prototype as unknown as Record<string, unknown>)[name]

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)],
  )
}

describe('every primitive', () => {
  test('has a name of its own', () => {
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(60)
  })

  test('that is defined stands in the table', () => {
    const defined = filesUnder(join(source, 'primitives')).flatMap(file =>
      [...readFileSync(file, 'utf8').matchAll(/export const (\w+)Primitive\b/g)].map(m => m[1] as string),
    )
    const table = readFileSync(join(source, 'primitives/index.ts'), 'utf8')
    expect(defined.filter(name => !table.includes(`${name}Primitive`))).toEqual([])
    expect(defined.length).toBe(names.length)
  })

  for (const primitive of primitives) {
    const name = otherwise[primitive.name] ?? primitive.name
    test(`${primitive.name} is a function of the index and a method of Tensor`, () => {
      if (name !== 'to' && name !== 'clone')
        expect(typeof (chainrule as Record<string, unknown>)[name], 'in the index').toBe('function')
      if (!functionsOnly.has(name)) expect(typeof method(name), 'as a method').toBe('function')
    })
  }

  for (const primitive of primitives) {
    test(`${primitive.name} says what it computes and brings samples`, () => {
      expect(primitive.words.length).toBeGreaterThan(5)
      expect(primitive.samples.length).toBeGreaterThan(0)
      // A rule that does not exist is null, never left out.
      for (const rule of ['vjp', 'jvp', 'edges', 'batch', 'formula', 'slopes'] as const) {
        expect(primitive[rule]).not.toBe(undefined)
      }
      if (primitive.vjp === null) expect([primitive.jvp, primitive.edges]).toEqual([null, null])
    })
  }
})

test('nothing outside its definition asks for a primitive by name', () => {
  const strangers = filesUnder(source).filter(file => !file.includes('/primitives/') && file.endsWith('.ts'))
  const asking = strangers.flatMap(file =>
    [
      ...readFileSync(file, 'utf8').matchAll(
        /primitive\.name\s*(?:===|!==)|switch\s*\([^)]*primitive\.name/g,
      ),
    ].map(m => `${file}: ${m[0]}`),
  )
  expect(asking).toEqual([])
})
