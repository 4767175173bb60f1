// The lesson's programs print the lesson's numbers, from the sources and as built, and PyTorch prints those of the last.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { compare } from '../lesson/compare.ts'
import { type Fact, type Program, programs } from '../lesson/expected.ts'

const lesson = new URL('../lesson/', import.meta.url)
const built = new URL('../dist/lesson/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, lesson), 'utf8')
const eleventh = programs[10] as Program

/** Runs a program from its source and returns what it printed. */
async function run(name: string): Promise<string> {
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation(line => {
    lines.push(String(line))
  })
  vi.resetModules()
  await import(`../lesson/${name}.ts`)
  return lines.join('\n')
}

afterEach(() => {
  vi.restoreAllMocks()
})

test('There are eleven programs, each with a file, numbered in order.', () => {
  expect(programs.map(({ name }) => name.slice(0, 2))).toEqual(
    Array.from({ length: 11 }, (_, i) => String(i + 1).padStart(2, '0')),
  )
  for (const { name } of programs) expect(existsSync(new URL(`${name}.ts`, lesson)), name).toBe(true)
})

describe('Each program prints the numbers of the lesson', () => {
  test.each(programs)('$name', async program => {
    const result = compare(program, await run(program.name))
    expect(result, result.summary).toMatchObject({ name: program.name, matched: true })
  })

  test.each(programs)('and $name would be caught printing any other.', async program => {
    const output = await run(program.name)
    for (const [row, [label, ...values]] of program.facts.entries()) {
      for (const [i, value] of values.entries()) {
        const wrong = typeof value === 'number' ? value + 1e-6 : !value
        const fact: Fact = [label, ...values.with(i, wrong)]
        const result = compare({ ...program, facts: program.facts.with(row, fact) }, output)
        expect(result.matched, `${label} ${wrong}`).toBe(false)
        expect(result.summary).toContain(String(wrong))
      }
    }
    const lines = output.split('\n')
    for (const i of lines.keys()) {
      const stated = program.facts.some(([label]) => lines[i]?.trim().startsWith(`${label} `))
      if (stated) expect(compare(program, lines.toSpliced(i, 1).join('\n')).matched, lines[i]).toBe(false)
    }
  })
})

test('Programs stand alone: nothing is imported but the engine, and only from the ninth on.', () => {
  for (const [i, { name }] of programs.entries()) {
    const imports = [...read(`${name}.ts`).matchAll(/^import .* from '(.*)'$/gm)].map(match => match[1])
    expect(imports, name).toEqual(i < 8 ? [] : ['chainrule'])
    expect(read(`${name}.ts`).includes('backward()'), name).toBe(i === 10)
  }
})

test('The guard of the ninth stops at an infinite loss, and the weights keep their last finite values.', () => {
  const file = fileURLToPath(new URL('09-train-latency-predictor.js', built))
  const source = readFileSync(file, 'utf8')
    .replace('rate = 0.03', 'rate = 30')
    .replace('step < 101', 'step < 1000')
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    encoding: 'utf8',
    cwd: fileURLToPath(lesson),
  })
  expect(stdout).toMatch(/stopped at step \d+: loss Infinity/)
  expect(stdout).not.toContain('NaN')
  const [first, second] = (stdout.match(/learned +\[(.*)\]/)?.[1] ?? '').split(',').map(Number)
  expect(Number.isFinite(first) && Number.isFinite(second)).toBe(true)
})

test('As built and run one by one, eleven of eleven match.', async () => {
  const { runAll } = (await import(
    new URL('run-all.js', built).href
  )) as typeof import('../lesson/run-all.ts')
  const results = runAll()
  expect(results.filter(result => !result.matched)).toEqual([])
  expect(results).toHaveLength(11)
})

describe('What PyTorch printed for the eleventh', () => {
  const [version, ...lines] = read(`${eleventh.name}.torch.txt`).split('\n')

  test('is recorded with its version, and its numbers are the lesson’s and ours.', async () => {
    expect(version).toMatch(/^PyTorch \d+\.\d+/)
    expect(compare(eleventh, lines.join('\n'))).toMatchObject({ matched: true })
    const ours = await run(eleventh.name)
    expect(ours.trim().toLowerCase()).toBe(lines.join('\n').trim().toLowerCase())
  })

  test('is what it prints again, where a Python with torch is at hand.', ({ skip }) => {
    const script = fileURLToPath(new URL('record-torch.py', lesson))
    const candidates = [process.env.PYTHON ?? 'python3', '/usr/bin/python3']
    const python = candidates.find(path => spawnSync(path, ['-c', 'import torch']).status === 0)
    if (python === undefined) return skip('no Python with torch was found')
    const { stdout } = spawnSync(python, [script, '--print'], { encoding: 'utf8' })
    expect(stdout.split('\n').slice(1)).toEqual(lines)
  })
})
