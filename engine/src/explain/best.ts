// The k largest products per slot, and how each goes on. Flat typed arrays: a slot owns k neighbouring places.

export class BestPaths {
  readonly k: number
  /** How many products a slot has so far. */
  #found = new Uint16Array(64)
  #product: Float64Array
  /** Which edge each begins with, counted among those of its element. */
  #edge: Int32Array
  /** Which of the products at the other end of that edge it goes on with. */
  #rank: Uint16Array

  constructor(k: number) {
    this.k = k
    this.#product = new Float64Array(64 * k)
    this.#edge = new Int32Array(64 * k)
    this.#rank = new Uint16Array(64 * k)
  }

  /** Starts a path of product 1 at `slot`. */
  start(slot: number): void {
    this.begin(slot)
    this.#found[slot] = 1
    this.#product[slot * this.k] = 1
  }

  /** Empties `slot`. */
  begin(slot: number): void {
    if (slot >= this.#found.length) this.#grow()
    this.#found[slot] = 0
  }

  /** Offers to `slot` the paths of `from`, lengthened by an edge. */
  offer(slot: number, from: number, partial: number, edge: number): void {
    const { k } = this
    const products = this.#product
    const base = slot * k
    const n = this.#found[from] as number
    let found = this.#found[slot] as number
    for (let r = 0; r < n; r++) {
      const product = partial * (products[from * k + r] as number)
      const size = magnitude(product)
      // Those of `from` come in falling order: once one is too small, all are.
      if (found === k && size <= magnitude(products[base + k - 1] as number)) break
      let at = found < k ? found++ : k - 1
      while (at > 0 && size > magnitude(products[base + at - 1] as number)) {
        products[base + at] = products[base + at - 1] as number
        this.#edge[base + at] = this.#edge[base + at - 1] as number
        this.#rank[base + at] = this.#rank[base + at - 1] as number
        at--
      }
      products[base + at] = product
      this.#edge[base + at] = edge
      this.#rank[base + at] = r
    }
    this.#found[slot] = found
  }

  found(slot: number): number {
    return this.#found[slot] as number
  }

  product(slot: number, rank: number): number {
    return this.#product[slot * this.k + rank] as number
  }

  edge(slot: number, rank: number): number {
    return this.#edge[slot * this.k + rank] as number
  }

  rank(slot: number, rank: number): number {
    return this.#rank[slot * this.k + rank] as number
  }

  #grow(): void {
    this.#found = grown(this.#found)
    this.#product = grown(this.#product)
    this.#edge = grown(this.#edge)
    this.#rank = grown(this.#rank)
  }
}

/** Twice the room, the same numbers. */
export function grown<T extends Float64Array | Int32Array | Uint16Array | Uint8Array>(old: T): T {
  const larger = new (old.constructor as new (length: number) => T)(2 * old.length)
  larger.set(old)
  return larger
}

/** Size for ranking; what is not a number comes first. */
function magnitude(product: number): number {
  return product !== product ? Number.POSITIVE_INFINITY : Math.abs(product)
}
