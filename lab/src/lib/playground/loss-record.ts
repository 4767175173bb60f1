// The loss since the start, in bounded space: of a run of a million steps, about a thousand points.
export interface LossPoint {
  readonly step: number
  readonly loss: number
}

/** Points kept before every other one is dropped. */
const most = 1000

export class LossRecord {
  /** At steps 0, stride, 2·stride, ... */
  #values: number[] = []
  #stride = 1
  #last: LossPoint | null = null

  /** Notes the loss at `step`: the one after the last noted. */
  add(step: number, loss: number): void {
    this.#last = { step, loss }
    if (step % this.#stride !== 0) return
    this.#values.push(loss)
    if (this.#values.length <= most) return
    this.#values = this.#values.filter((_, i) => i % 2 === 0)
    this.#stride *= 2
  }

  /** Forgets what came after `step`, where the loss was `loss`. */
  backTo(step: number, loss: number): void {
    this.#values.length = Math.floor(step / this.#stride) + 1
    this.#last = { step, loss }
  }

  points(): LossPoint[] {
    const points = this.#values.map((loss, i) => ({ step: i * this.#stride, loss }))
    const last = this.#last
    return last === null || last.step % this.#stride === 0 ? points : [...points, last]
  }
}
