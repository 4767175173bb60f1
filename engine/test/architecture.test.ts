// Holds the house to its plan: imports point down the layers, without cycles, and files stay readable.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const source = join(root, 'engine/src')

/** Lowest first. Layers on one line do not import each other. */
const layers = [
  ['base'],
  ['core'],
  ['primitives'],
  ['autodiff'],
  ['tensor'],
  ['wasm'],
  ['compiler'],
  ['nn', 'optim', 'io'],
  ['explain'],
  ['check'],
  ['index.ts'],
]

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    if (statSync(path).isDirectory())
      return name === 'dist' || name === 'node_modules' ? [] : filesUnder(path)
    return path.endsWith('.ts') ? [path] : []
  })
}

/** Specifiers of every import and re-export, types included. */
function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  return [
    ...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'"`]*?from\s*'([^']+)'|(?:^|\n)import\s*'([^']+)'/g),
  ].map(m => (m[1] ?? m[2]) as string)
}

const files = filesUnder(source)
const layerOf = (path: string): string => relative(source, path).split('/')[0] as string
const rankOf = (layer: string): number => layers.findIndex(names => names.includes(layer))

describe('the engine', () => {
  test('puts every file into a known layer', () => {
    expect(files.filter(f => rankOf(layerOf(f)) < 0)).toEqual([])
    expect(files.length).toBeGreaterThan(30)
  })

  test('imports only downwards, types included', () => {
    const wrong: string[] = []
    for (const file of files) {
      for (const specifier of importsOf(file)) {
        if (!specifier.startsWith('.')) continue
        const target = resolve(dirname(file), specifier)
        const [from, to] = [layerOf(file), layerOf(target)]
        if (from !== to && rankOf(to) >= rankOf(from))
          wrong.push(`${relative(root, file)} imports ${relative(root, target)}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('has no import cycles', () => {
    const edges = new Map(
      files.map(f => [
        f,
        importsOf(f)
          .filter(s => s.startsWith('.'))
          .map(s => resolve(dirname(f), s)),
      ]),
    )
    const done = new Set<string>()
    const path: string[] = []
    const visit = (file: string): string[] | null => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
      if (done.has(file)) return null
      path.push(file)
      for (const next of edges.get(file) ?? []) {
        const cycle = visit(next)
        if (cycle) return cycle
      }
      path.pop()
      done.add(file)
      return null
    }
    for (const file of files) {
      const cycle = visit(file)
      expect(cycle?.map(f => relative(source, f)) ?? null).toBe(null)
    }
  })

  test('imports nothing from outside itself', () => {
    const foreign = files.flatMap(f =>
      importsOf(f)
        .filter(s => !s.startsWith('.'))
        .map(s => `${relative(root, f)}: ${s}`),
    )
    expect(foreign).toEqual([])
    const { dependencies } = JSON.parse(readFileSync(join(root, 'engine/package.json'), 'utf8')) as {
      dependencies?: object
    }
    expect(dependencies).toBeUndefined()
  })

  test('has no file over 400 lines without a reason at its top', () => {
    const long = files.filter(f => readFileSync(f, 'utf8').split('\n').length > 400)
    const unexplained = long.filter(
      f => !/over 400 lines/.test(readFileSync(f, 'utf8').split('\n').slice(0, 6).join(' ')),
    )
    expect(unexplained.map(f => relative(root, f))).toEqual([])
  })

  test('has no file named for nothing in particular', () => {
    expect(files.filter(f => /\/(utils?|misc|helpers?|common)\.ts$/.test(f))).toEqual([])
  })
})

describe('the command, the examples and the benchmarks', () => {
  test('use the engine through its public paths only', () => {
    const users = ['cli/src', 'examples'].flatMap(folder => filesUnder(join(root, folder)))
    const wrong = users.flatMap(f =>
      importsOf(f)
        .filter(s => /engine\/(src|dist)/.test(s) || /^chainrule\/(?!nn$|optim$|io$|explain$|check$)/.test(s))
        .map(s => `${relative(root, f)}: ${s}`),
    )
    expect(wrong).toEqual([])
    expect(users.length).toBeGreaterThan(5)
  })
})
