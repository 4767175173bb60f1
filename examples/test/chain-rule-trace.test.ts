// The lesson's two traces, as the engine prints them: every factor, every product, and their sum.
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.restoreAllMocks()
})

test('One path gives 2 x 1 x 2 = 4, and a shared weight 4 + 2 = 6, as backward and differences do.', async () => {
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((text = '') => {
    lines.push(...String(text).split('\n'))
  })
  await import('../chain-rule-trace.ts')
  const words = lines.map(line => line.trim().replaceAll(/ +/g, ' ')).join('\n')
  const [first, second] = words.split('\n\n')
  expect(first).toMatch(/^d loss \/ d w_prompt = 4$/m)
  expect(first).toMatch(/d loss \/ d error 2·error 2$/m)
  expect(first).toMatch(/d error \/ d prediction 1 1$/m)
  expect(first).toMatch(/d prediction \/ d w_prompt x_prompt 2$/m)
  expect(first).toMatch(/1 path: 2 x 1 x 2 = 4 backward 4 finite difference 4\.0000000 ±/)
  expect(second).toMatch(/^d loss \/ d w = 6$/m)
  expect(second).toMatch(
    /2 paths: 2 x 1 x 2 = 4\n2 x 1 x 1 = 2\n4 \+ 2 = 6 backward 6 finite difference 6\.0000000 ±/,
  )
})
