// Lines for the tests of the numeric core: scalar functions at a point, as gradcheck will present them.
import { estimateLine } from '../../src/check/difference.ts'
import type { Estimate } from '../../src/check/estimate.ts'
import { stepScale } from '../../src/check/line.ts'

export interface Checked {
  readonly estimate: Estimate
  readonly evaluations: number
}

/** The estimate of f' at x with the steps that gradcheck would take for a coordinate of that size. */
export function slopeOf(f: (x: number) => number, x: number): Checked {
  const { estimates, evaluations } = estimateLine({
    center: [f(x)],
    scale: stepScale(x),
    wider: [1],
    at: t => [f(x + t)],
    reach: t => x + t - x,
  })
  return { estimate: estimates[0]!, evaluations }
}
