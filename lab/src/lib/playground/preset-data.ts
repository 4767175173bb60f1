// The rows of each preset, drawn from fixed keys, so that everybody sees the same points.
import { keyFromSeed, randn, splitKey } from 'chainrule'
import type { DataSet, Example } from './spec.ts'

function noise(count: number, seed: number): number[] {
  return randn([count], { dtype: 'float64', key: keyFromSeed(seed) }).toArray() as number[]
}

const rounded = (x: number) => Math.round(x * 1000) / 1000

function plane(name: string, examples: readonly Example[]): DataSet {
  return {
    name,
    task: 'classification',
    columns: ['x1', 'x2'],
    target: 'class',
    examples,
    standardise: false,
  }
}

function curve(name: string, f: (x: number) => number, spread: number, seed: number): DataSet {
  const count = 40
  const e = noise(count, seed)
  const examples = e.map((z, i) => {
    const x = -1 + (2 * i) / (count - 1)
    return { inputs: [rounded(x)], target: rounded(f(x) + spread * z) }
  })
  return { name, task: 'regression', columns: ['x'], target: 'y', examples, standardise: false }
}

function clouds(
  name: string,
  centres: readonly (readonly [number, number, number])[],
  spread: number,
): DataSet {
  const each = Math.floor(60 / centres.length)
  const keys = splitKey(keyFromSeed(11), centres.length)
  const examples = centres.flatMap(([cx, cy, target], c) => {
    const e = randn([each, 2], { dtype: 'float64', key: keys[c]! }).toArray() as number[][]
    return e.map(([a, b]) => ({ inputs: [rounded(cx + spread * a!), rounded(cy + spread * b!)], target }))
  })
  return plane(name, examples)
}

function rings(): DataSet {
  const e = noise(160, 3)
  const examples = Array.from({ length: 80 }, (_, i) => {
    const target = i % 2
    const radius = (target === 1 ? 0.35 : 0.8) + 0.06 * e[2 * i]!
    const angle = (2 * Math.PI * i) / 80 + 0.1 * e[2 * i + 1]!
    return { inputs: [rounded(radius * Math.cos(angle)), rounded(radius * Math.sin(angle))], target }
  })
  return plane('rings', examples)
}

function spirals(): DataSet {
  const e = noise(200, 5)
  const examples = Array.from({ length: 100 }, (_, i) => {
    const target = i % 2
    const along = (i >> 1) / 49
    const angle = 1.6 * Math.PI * along + Math.PI * target
    const radius = 0.12 + 0.8 * along
    return {
      inputs: [
        rounded(radius * Math.cos(angle) + 0.02 * e[2 * i]!),
        rounded(radius * Math.sin(angle) + 0.02 * e[2 * i + 1]!),
      ],
      target,
    }
  })
  return plane('spirals', examples)
}

const rows: Readonly<Record<string, () => DataSet>> = {
  lesson: () => ({
    name: 'lesson',
    task: 'regression',
    columns: ['prompt', 'queue'],
    target: 'seconds',
    examples: [
      { inputs: [1, 0.5], target: 2.5 },
      { inputs: [2, 1], target: 5 },
      { inputs: [3, 0.5], target: 6.5 },
      { inputs: [4, 2], target: 10 },
    ],
    standardise: false,
  }),
  line: () => curve('line', x => 0.8 * x - 0.2, 0.12, 7),
  wave: () => curve('wave', x => Math.sin(Math.PI * x), 0.08, 8),
  clouds: () =>
    clouds(
      'clouds',
      [
        [-0.5, -0.4, 0],
        [0.5, 0.4, 1],
      ],
      0.2,
    ),
  xor: () =>
    clouds(
      'xor',
      [
        [-0.55, -0.55, 0],
        [0.55, 0.55, 0],
        [-0.55, 0.55, 1],
        [0.55, -0.55, 1],
      ],
      0.14,
    ),
  rings,
  spirals,
}

/** The rows of the preset `id`, which must be one. */
export function presetData(id: string): DataSet {
  return rows[id]!()
}
