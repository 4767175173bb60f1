// The simulated log: what is committed is what the simulation writes, and it holds the truth that it promises.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { RECORDED, SERVER, simulateRequests, TRUTH, toCsv } from '../simulate-requests.ts'

describe('the simulation of a small language-model server', () => {
  test('writes the committed requests.csv, to the byte', () => {
    const committed = readFileSync(new URL('../requests.csv', import.meta.url), 'utf8')
    expect(toCsv(simulateRequests(RECORDED.count, RECORDED.seed))).toBe(committed)
    expect(RECORDED.count).toBeGreaterThanOrEqual(5000)
  })

  test('another seed gives another log, of the same server', () => {
    const [a, b] = [simulateRequests(500, 1), simulateRequests(500, 2)]
    expect(a).not.toEqual(b)
    for (const { prompt_tokens, queue_s, seconds } of [...a, ...b]) {
      expect(prompt_tokens).toBeGreaterThanOrEqual(SERVER.promptLeast)
      expect(queue_s).toBeGreaterThanOrEqual(0)
      expect(seconds).toBeGreaterThan(queue_s)
    }
  })

  test('some requests find a free slot and some wait', () => {
    const waiting = simulateRequests(2000, 3).filter(request => request.queue_s > 0).length
    expect(waiting).toBeGreaterThan(200)
    expect(waiting).toBeLessThan(1900)
  })

  test('the time beyond queue and prompt is the stated rest, on average', () => {
    const requests = simulateRequests(50_000, 4)
    const rests = requests.map(
      ({ prompt_tokens, queue_s, seconds }) =>
        seconds - TRUTH.secondsPerQueuedSecond * queue_s - (TRUTH.secondsPer100Tokens * prompt_tokens) / 100,
    )
    const mean = rests.reduce((sum, rest) => sum + rest, 0) / rests.length
    expect(mean).toBeCloseTo(TRUTH.secondsAtZero, 1)
  })
})
