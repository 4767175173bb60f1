// The digits example: as long as it takes to train it belongs to the long tests. It reads the engine as built.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test.runIf(process.env.CHAINRULE_LONG === '1')(
  'The digits example learns in a compiled step, to 96 % of the test digits, and says how.',
  { timeout: 300_000 },
  () => {
    const program = fileURLToPath(new URL('../mnist-mlp.js', import.meta.url))
    const { stdout, stderr, status } = spawnSync(process.execPath, [program], { encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    const shares = [...stdout.matchAll(/(\d+\.\d+) % of the test digits read right/g)].map(m => Number(m[1]))
    expect(shares).toHaveLength(3)
    expect(shares.at(-1)).toBeGreaterThanOrEqual(96)
    expect(stdout).toMatch(/digits a second in the compiled step/)
    expect(stdout).toMatch(/kernels: \d+/)
  },
)
