// Steps of training as one WebAssembly program: what play uses. A step that is looked into is taken by the eager engine.
import { compile, noGrad, type Tensor } from 'chainrule'
import type { Network } from './network.ts'

export class CompiledSteps {
  readonly #network: Network
  readonly #step: ReturnType<typeof compile<[Tensor, Tensor], readonly Tensor[]>>
  #skipped = 0
  #able = true

  constructor(network: Network) {
    this.#network = network
    this.#step = compile((x: Tensor, y: Tensor) => {
      // Of all rows, where the step learns from some: the curve on the page is of all.
      const total = network.takesAllRows ? [] : [noGrad(() => network.loss(network.allRows))]
      network.optimizer.zeroGrad()
      const loss = network.loss({ x, y })
      loss.backward()
      network.optimizer.step()
      return [loss, ...total]
    })
  }

  /** Whether programs run here: not without WebAssembly SIMD, nor where a policy forbids them. */
  get able(): boolean {
    return this.#able
  }

  /**
   * Takes step `step` and answers the loss of all rows before it; null where loss or gradient is not finite, or where no
   * program can run, and then nothing has changed.
   */
  take(step: number): number | null {
    const { x, y } = this.#network.batchOf(step)
    let losses: readonly Tensor[]
    try {
      losses = this.#step(x, y)
    } catch {
      this.#able = false
      return null
    }
    const skipped = this.#skippedSoFar()
    if (skipped > this.#skipped) {
      this.#skipped = skipped
      return null
    }
    return (losses.at(-1) as Tensor).item()
  }

  #skippedSoFar(): number {
    try {
      return this.#step.stats().skipped
    } catch {
      // The step was taken, but by the eager engine, which has no guard.
      this.#able = false
      return 0
    }
  }
}
