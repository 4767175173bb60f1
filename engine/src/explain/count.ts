// Exact counts of paths: float64 while they fit in 53 bits, bigint beyond, per scalar.

const LIMIT = 2 ** 53

/** Counts by slot. A slot's count is the sum of others': `begin`, `add` each of them, `finish`. */
export class Counts {
  /** Infinity marks a count that is in #large. */
  #small = new Float64Array(64)
  readonly #large: bigint[] = []
  #sum = 0
  #largeSum: bigint | null = null

  begin(): void {
    this.#sum = 0
    this.#largeSum = null
  }

  /** Adds the count of `slot` to the sum. */
  add(slot: number): void {
    const n = this.#small[slot] as number
    const sum = this.#sum + n
    if (sum < LIMIT) this.#sum = sum
    else this.#carry(slot, n)
  }

  #carry(slot: number, n: number): void {
    const own = n < LIMIT ? BigInt(n) : (this.#large[slot] as bigint)
    this.#largeSum = (this.#largeSum ?? 0n) + own + BigInt(this.#sum)
    this.#sum = 0
  }

  /** Whether nothing, or only zeros, was added. */
  get isZero(): boolean {
    return this.#sum === 0 && this.#largeSum === null
  }

  /** Stores the sum as the count of `slot`. */
  finish(slot: number): void {
    this.#reserve(slot)
    if (this.#largeSum === null) this.#small[slot] = this.#sum
    else {
      this.#small[slot] = Number.POSITIVE_INFINITY
      this.#large[slot] = this.#largeSum + BigInt(this.#sum)
    }
  }

  /** Starts a path at `slot`. */
  start(slot: number): void {
    this.#reserve(slot)
    this.#small[slot] = 1
  }

  isPositive(slot: number): boolean {
    return (this.#small[slot] as number) > 0
  }

  get(slot: number): bigint {
    const n = this.#small[slot] as number
    return n < LIMIT ? BigInt(n) : (this.#large[slot] as bigint)
  }

  #reserve(slot: number): void {
    if (slot < this.#small.length) return
    const grown = new Float64Array(2 * Math.max(slot, this.#small.length))
    grown.set(this.#small)
    this.#small = grown
  }
}
