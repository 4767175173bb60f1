// Loops that drop what they make stay within 250 MB of resident memory. The workloads are those of bench/memory.mjs,
// bundled with the engine's sources and run in a process of their own; the full counts run under CHAINRULE_LONG.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bundle } from './bundle.ts'

const limit = 250
const long = process.env.CHAINRULE_LONG !== undefined

/** The most megabytes that were ever resident in `count` rounds of a workload. */
async function peak(name: string, count: number): Promise<number> {
  const workloads = readFileSync(new URL('../../bench/memory-workloads.mjs', import.meta.url), 'utf8')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-', name, String(count)],
    { input: await bundle(workloads), encoding: 'utf8' },
  )
  expect(status, stderr).toBe(0)
  const run = JSON.parse(stdout) as { name: string; count: number; megabytes: number }
  expect(run).toMatchObject({ name, count })
  return run.megabytes
}

test('A leak would be seen: results that are kept pass the limit.', async () => {
  expect(await peak('kept', 300)).toBeGreaterThan(limit)
})

test('A million eager training steps stay under 250 MB.', { timeout: 120_000 }, async () => {
  expect(await peak('steps', 1_000_000)).toBeLessThan(limit)
})

test.each([
  ['forward', 'Forward passes over 1 MB tensors whose results are dropped stay under 250 MB.'],
  ['recorded', 'So do passes that were recorded for a backward that never comes.'],
])('%s: %s', { timeout: 900_000 }, async name => {
  expect(await peak(name, long ? 100_000 : 1_500)).toBeLessThan(limit)
})
