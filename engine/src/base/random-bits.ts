// Counter-based, splittable random bits: Threefry2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw, "Parallel
// Random Numbers: As Easy as 1, 2, 3", SC11). There is no state: the block at (key, counter) is a pure function,
// so any part of a stream can be computed at any time, in any order, on any thread. Lowest layer: knows no tensors.
//
// Threefry rather than Philox, because it needs only 32-bit add, rotate and xor: JavaScript and WebAssembly SIMD
// lack the 32x32 -> 64 high multiply of which Philox does two a round; and its block of two words is a key.

import { ArgumentError } from './errors.ts'
import { describe } from './shape.ts'

/** Two uint32 words. Equal keys give equal streams; any pair is a valid key. */
export type Key = readonly [number, number]

// The block counter has 64 bits of which draws use 53, so the top bits of its high word can keep what derives
// keys apart from what draws numbers: drawing from a key and splitting it never read the same block.
const SPLIT = 0x80000000
const FOLD = 0x40000000

const TWO_32 = 2 ** 32
const KEY_PARITY = 0x1bd11bda

// A chunk of words between the generator and the conversion that follows it. Small enough to stay in the first
// cache; shared by all calls, which is safe because a fill never yields before it has finished with it.
const CHUNK_WORDS = 2048
const chunk = new Uint32Array(CHUNK_WORDS)
const single = new Uint32Array(2)

/**
 * The key of a seed: its high and low 32 bits. Different seeds give different keys.
 * @throws ArgumentError unless `seed` is a whole number from 0 to 2^53 - 1.
 */
export function keyFromSeed(seed: number): Key {
  requireNatural(seed, 'keyFromSeed', 'a seed')
  return [Math.floor(seed / TWO_32), seed >>> 0]
}

/**
 * `n` keys derived from one; key i does not depend on `n`. Drawing from the children, or from the parent too,
 * gives unrelated streams.
 * @throws ArgumentError unless `n` is a whole number from 0 to 2^32 - 1.
 */
export function split(key: Key, n: number): Key[] {
  requireKey(key, 'splitKey')
  requireNatural(n, 'splitKey', 'the number of keys', TWO_32 - 1)
  return Array.from({ length: n }, (_, i) => threefry2x32(key, [i, SPLIT]))
}

/**
 * The key for item `data` (a step, a layer, a row) of the stream `key`.
 * @throws ArgumentError unless `data` is a whole number from 0 to 2^53 - 1.
 */
export function foldIn(key: Key, data: number): Key {
  requireKey(key, 'foldIn')
  requireNatural(data, 'foldIn', 'the number to fold in')
  return threefry2x32(key, [data >>> 0, FOLD + Math.floor(data / TWO_32)])
}

/** One block, as the paper defines it: two words from a key and a counter of two words (the low word first). */
export function threefry2x32(key: Key, counter: readonly [number, number]): Key {
  writeBlocks(key, counter[0], counter[1], single, 1)
  return [single[0]!, single[1]!]
}

/**
 * Fills `out` with random words: words 2b and 2b + 1 are the block at `counter + b`. Uses ceil(length / 2) blocks.
 *
 * This and every fill below uses at most `out.length` blocks, so adding that to the counter gives fresh numbers.
 * Element i never depends on the length of `out`.
 * @throws ArgumentError unless `counter` is a whole number from 0 and all blocks lie below 2^53.
 */
export function randomBits(key: Key, counter: number, out: Uint32Array): void {
  requireCounter(counter, Math.ceil(out.length / 2), 'randomBits')
  writeWords(key, counter, out, out.length)
}

/**
 * Fills `out` with numbers uniform in [0, 1): multiples of 2^-24 for a Float32Array (two to a block),
 * of 2^-53 for a Float64Array (one to a block). Every such multiple is equally likely; 1 never occurs.
 * @throws ArgumentError as `randomBits` does.
 */
export function fillUniform(key: Key, counter: number, out: Float32Array | Float64Array): void {
  if (out instanceof Float64Array) {
    requireCounter(counter, out.length, 'fillUniform')
    forEachChunk(key, counter, out.length, 2, (start, count) => uniforms64(out, start, count))
  } else {
    requireCounter(counter, Math.ceil(out.length / 2), 'fillUniform')
    forEachChunk(key, counter, out.length, 1, (start, count) => uniforms32(out, start, count))
  }
}

/**
 * Fills `out` with standard normal numbers (mean 0, variance 1) by Box and Muller in float64:
 * elements 2p and 2p + 1 are r·cos(a) and r·sin(a), r = sqrt(-2·ln(1 - u)), a = 2π·v, where u and v are the 53-bit
 * uniforms of the blocks `counter + 2p` and `counter + 2p + 1`. Always finite: |value| <= sqrt(106·ln 2) < 8.58.
 * A Float32Array receives the same numbers, rounded.
 *
 * The last bit follows the host's Math.log, cos and sin: equal on one machine and JavaScript engine.
 * @throws ArgumentError as `randomBits` does.
 */
export function fillNormal(key: Key, counter: number, out: Float32Array | Float64Array): void {
  const pairs = Math.ceil(out.length / 2)
  requireCounter(counter, 2 * pairs, 'fillNormal')
  forEachChunk(key, counter, pairs, 4, (start, count) => normals(out, 2 * start, count))
}

/**
 * Fills `out` with whole numbers in [low, high): element i is low + floor(x·(high - low) / 2^64) for the 64 bits x
 * of the block `counter + i`. No number's probability is off from 1 / (high - low) by more than 2^-64.
 * @throws ArgumentError unless low < high are whole, low >= -2^31 and high <= 2^31; and as `randomBits` does.
 */
export function fillInteger(key: Key, counter: number, out: Int32Array, low: number, high: number): void {
  const whole = Number.isInteger(low) && Number.isInteger(high)
  if (!whole || low >= high || low < -(2 ** 31) || high > 2 ** 31) {
    throw new ArgumentError(
      `fillInteger: the range [low, high) must hold at least one int32, but low is ${low} and high is ${high}. ` +
        'Give whole numbers with -2^31 <= low < high <= 2^31 (high itself is never drawn).',
    )
  }
  requireCounter(counter, out.length, 'fillInteger')
  const range = high - low
  forEachChunk(key, counter, out.length, 2, (start, count) => {
    for (let i = 0; i < count; i++) out[start + i] = low + scale(chunk[2 * i]!, chunk[2 * i + 1]!, range)
  })
}

/**
 * A random order of 0 .. n - 1: Fisher and Yates' shuffle, whose swap i uses block i of the key, scaled as in
 * `fillInteger`.
 * @throws ArgumentError unless `n` is a whole number from 0 to 2^31 - 1.
 */
export function permutation(key: Key, n: number): Int32Array {
  requireKey(key, 'permutation')
  requireNatural(n, 'permutation', 'the length', 2 ** 31 - 1)
  const order = new Int32Array(n)
  for (let i = 0; i < n; i++) order[i] = i
  forEachChunk(key, 0, n, 2, (start, count) => {
    for (let b = 0; b < count; b++) {
      const i = start + b
      // Upwards: by induction the first i elements are in uniformly random order before each swap.
      const j = scale(chunk[2 * b]!, chunk[2 * b + 1]!, i + 1)
      const held = order[i]!
      order[i] = order[j]!
      order[j] = held
    }
  })
  return order
}

function uniforms32(out: Float32Array, start: number, count: number): void {
  for (let i = 0; i < count; i++) out[start + i] = (chunk[i]! >>> 8) * 2 ** -24
}

function uniforms64(out: Float64Array, start: number, count: number): void {
  for (let i = 0; i < count; i++) out[start + i] = uniformAt(2 * i)
}

function normals(out: Float32Array | Float64Array, start: number, pairs: number): void {
  for (let p = 0; p < pairs; p++) {
    // 1 - u lies in (0, 1], so that the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniformAt(4 * p)))
    const angle = 2 * Math.PI * uniformAt(4 * p + 2)
    const at = start + 2 * p
    out[at] = radius * Math.cos(angle)
    // The partner of an odd length's last element falls off the end of the array.
    if (at + 1 < out.length) out[at + 1] = radius * Math.sin(angle)
  }
}

/** The 53-bit uniform of the two words of the chunk at `at`. */
function uniformAt(at: number): number {
  return ((chunk[at]! >>> 5) * 2 ** 26 + (chunk[at + 1]! >>> 6)) * 2 ** -53
}

/** floor((high·2^32 + low)·range / 2^64), exactly, for words high and low and 1 <= range <= 2^32. */
function scale(high: number, low: number, range: number): number {
  if (range === TWO_32) return high
  const carried = (Math.imul(high, range) >>> 0) + multiplyHigh(low, range)
  return multiplyHigh(high, range) + (carried >= TWO_32 ? 1 : 0)
}

/** The upper 32 bits of the product of two uint32. From 16-bit halves: a double cannot hold the whole product. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + (Math.imul(aLow, bLow) >>> 16)
  const cross = aLow * bHigh + (middle & 0xffff)
  return aHigh * bHigh + (middle >>> 16) + (cross >>> 16)
}

/** Runs `convert(start, count)` over items of `words` words each, with the words of those items in the chunk. */
function forEachChunk(
  key: Key,
  counter: number,
  items: number,
  words: number,
  convert: (start: number, count: number) => void,
): void {
  const perChunk = CHUNK_WORDS / words
  for (let start = 0; start < items; start += perChunk) {
    const count = Math.min(perChunk, items - start)
    writeWords(key, counter + (start * words) / 2, chunk, count * words)
    convert(start, count)
  }
}

/** The first `count` words of the stream from block `counter` on; a last block may be used by half. */
function writeWords(key: Key, counter: number, out: Uint32Array, count: number): void {
  const high = Math.floor(counter / TWO_32)
  const whole = count >>> 1
  writeBlocks(key, counter >>> 0, high, out, whole)
  if (count % 2 === 1) {
    const last = counter + whole
    out[count - 1] = threefry2x32(key, [last >>> 0, Math.floor(last / TWO_32)])[0]
  }
}

/** Threefry2x32-20 of `blocks` counters in a row. The rounds are written out: V8 does not unroll loops. */
function writeBlocks(
  key: Key,
  counterLow: number,
  counterHigh: number,
  out: Uint32Array,
  blocks: number,
): void {
  const k0 = key[0] | 0
  const k1 = key[1] | 0
  const k2 = k0 ^ k1 ^ KEY_PARITY
  let low = counterLow | 0
  let high = counterHigh | 0
  for (let word = 0; word < 2 * blocks; word += 2) {
    let x = (low + k0) | 0
    let y = (high + k1) | 0
    y = ((y << 13) | (y >>> 19)) ^ (x = (x + y) | 0)
    y = ((y << 15) | (y >>> 17)) ^ (x = (x + y) | 0)
    y = ((y << 26) | (y >>> 6)) ^ (x = (x + y) | 0)
    y = ((y << 6) | (y >>> 26)) ^ (x = (x + y) | 0)
    x = (x + k1) | 0
    y = (y + k2 + 1) | 0
    y = ((y << 17) | (y >>> 15)) ^ (x = (x + y) | 0)
    y = ((y << 29) | (y >>> 3)) ^ (x = (x + y) | 0)
    y = ((y << 16) | (y >>> 16)) ^ (x = (x + y) | 0)
    y = ((y << 24) | (y >>> 8)) ^ (x = (x + y) | 0)
    x = (x + k2) | 0
    y = (y + k0 + 2) | 0
    y = ((y << 13) | (y >>> 19)) ^ (x = (x + y) | 0)
    y = ((y << 15) | (y >>> 17)) ^ (x = (x + y) | 0)
    y = ((y << 26) | (y >>> 6)) ^ (x = (x + y) | 0)
    y = ((y << 6) | (y >>> 26)) ^ (x = (x + y) | 0)
    x = (x + k0) | 0
    y = (y + k1 + 3) | 0
    y = ((y << 17) | (y >>> 15)) ^ (x = (x + y) | 0)
    y = ((y << 29) | (y >>> 3)) ^ (x = (x + y) | 0)
    y = ((y << 16) | (y >>> 16)) ^ (x = (x + y) | 0)
    y = ((y << 24) | (y >>> 8)) ^ (x = (x + y) | 0)
    x = (x + k1) | 0
    y = (y + k2 + 4) | 0
    y = ((y << 13) | (y >>> 19)) ^ (x = (x + y) | 0)
    y = ((y << 15) | (y >>> 17)) ^ (x = (x + y) | 0)
    y = ((y << 26) | (y >>> 6)) ^ (x = (x + y) | 0)
    y = ((y << 6) | (y >>> 26)) ^ (x = (x + y) | 0)
    out[word] = (x + k2) | 0
    out[word + 1] = (y + k0 + 5) | 0
    low = (low + 1) | 0
    if (low === 0) high = (high + 1) | 0
  }
}

function requireNatural(value: number, where: string, what: string, largest = Number.MAX_SAFE_INTEGER): void {
  if (Number.isInteger(value) && value >= 0 && value <= largest) return
  throw new ArgumentError(
    `${where}: ${what} must be a whole number from 0 to ${largest}, but is ${describe(value)}.`,
  )
}

function requireKey(key: Key, where: string): void {
  if (Array.isArray(key) && key.length === 2 && key.every(word => Number.isInteger(word))) return
  throw new ArgumentError(`${where}: ${describe(key)} is not a key. Make one with keyFromSeed(seed).`)
}

function requireCounter(counter: number, blocks: number, where: string): void {
  requireNatural(counter, where, 'the counter')
  if (counter + blocks <= 2 ** 53) return
  throw new ArgumentError(
    `${where}: ${blocks} blocks from counter ${counter} on run past the last one, 2^53 - 1. ` +
      'Use a fresh key: foldIn(key, n) or split(key, n).',
  )
}
