// A small language-model server, simulated: requests arrive, wait for a free slot, have their prompt read (prefill)
// and their answer written token by token (decode). Writes examples/requests.csv, the table of `npm start`.
//
//   node examples/dist/simulate-requests.js [file]
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { foldIn, keyFromSeed, rand, randn } from 'chainrule'

/** How the server behaves. Times in seconds, lengths in tokens. */
export const SERVER = {
  slots: 4,
  /** Requests per second, a Poisson process: at 0.7 about five sixths of the slots are busy. */
  arrivalRate: 0.7,
  /** Per request, whatever its length: tokenising, network. */
  overhead: 0.1,
  prefillPerToken: 0.004,
  decodePerToken: 0.04,
  /** An answer has this many tokens, and this many more per token of the prompt, on average. */
  answerBase: 10,
  answerPerPromptToken: 0.4,
  /** Spread of the answer's length about that average, as a share of it. */
  answerSpread: 0.15,
  /** Prompts: the median length, and the deviation of its logarithm. */
  promptMedian: 180,
  promptSpread: 0.6,
  promptLeast: 10,
  promptMost: 1500,
} as const

/** What a model that learns `seconds` from `prompt_tokens` and `queue_s` should find: derived, not fitted. */
export const TRUTH: Readonly<
  Record<'secondsPer100Tokens' | 'secondsPerQueuedSecond' | 'secondsAtZero', number>
> = {
  secondsPer100Tokens: 100 * (SERVER.prefillPerToken + SERVER.answerPerPromptToken * SERVER.decodePerToken),
  secondsPerQueuedSecond: 1,
  secondsAtZero: SERVER.overhead + SERVER.answerBase * SERVER.decodePerToken,
}

/** One request as a log would have it. */
export interface Request {
  readonly prompt_tokens: number
  /** Seconds from arrival until a slot was free. */
  readonly queue_s: number
  /** Seconds from arrival until the last token. */
  readonly seconds: number
}

/** Simulates `count` requests. The seed decides everything. */
export function simulateRequests(count: number, seed: number): Request[] {
  const key = keyFromSeed(seed)
  const draw = (stream: number, normal: boolean) =>
    (normal ? randn : rand)([count], { key: foldIn(key, stream), dtype: 'float64' }).data
  const [gaps, prompts, answers] = [draw(0, false), draw(1, true), draw(2, true)]
  const freeAt = new Array<number>(SERVER.slots).fill(0)
  const requests: Request[] = []
  let arrival = 0
  for (let k = 0; k < count; k++) {
    // The time between arrivals of a Poisson process is exponential.
    arrival += -Math.log(1 - (gaps[k] as number)) / SERVER.arrivalRate
    const promptTokens = promptLength(prompts[k] as number)
    const slot = freeAt.indexOf(Math.min(...freeAt))
    const start = Math.max(arrival, freeAt[slot] as number)
    const end = start + serviceTime(promptTokens, answers[k] as number)
    freeAt[slot] = end
    requests.push({ prompt_tokens: promptTokens, queue_s: start - arrival, seconds: end - arrival })
  }
  return requests
}

function promptLength(normal: number): number {
  const length = Math.round(SERVER.promptMedian * Math.exp(SERVER.promptSpread * normal))
  return Math.max(SERVER.promptLeast, Math.min(SERVER.promptMost, length))
}

function serviceTime(promptTokens: number, normal: number): number {
  const expected = SERVER.answerBase + SERVER.answerPerPromptToken * promptTokens
  const answerTokens = Math.max(1, expected * (1 + SERVER.answerSpread * normal))
  return SERVER.overhead + SERVER.prefillPerToken * promptTokens + SERVER.decodePerToken * answerTokens
}

/** The requests as CSV, times to a millisecond. */
export function toCsv(requests: readonly Request[]): string {
  const lines = requests.map(
    ({ prompt_tokens, queue_s, seconds }) => `${prompt_tokens},${queue_s.toFixed(3)},${seconds.toFixed(3)}`,
  )
  return `prompt_tokens,queue_s,seconds\n${lines.join('\n')}\n`
}

/** What requests.csv holds. */
export const RECORDED = { count: 6000, seed: 7 } as const

const isProgram = process.argv[1] === fileURLToPath(import.meta.url)
if (isProgram) {
  const file = process.argv[2] ?? 'examples/requests.csv'
  writeFileSync(file, toCsv(simulateRequests(RECORDED.count, RECORDED.seed)))
  console.log(`${RECORDED.count} requests written to ${file}`)
}
