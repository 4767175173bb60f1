// The model of the figure "Nudge microscope": the line through two points of the loss curve, and what it turns into.
import { tensor } from 'chainrule'
import { lossesAt, turnAt, x, y } from './step-loop.ts'

/** Where the lesson's weight stands, and the nudges that the figure reaches. */
export const start = 3
export const widest = 1
export const narrowest = 1e-6

/** Weights that the figure reaches. */
export const low = 1.5
export const high = 3.5

export interface Nudge {
  readonly w: number
  readonly nudge: number
  readonly error: number
  readonly loss: number
  /** The loss after the nudge. */
  readonly after: number
  /** The slope of the line through both points. */
  readonly secant: number
  /** The slope of the curve, from the engine's backward pass. */
  readonly slope: number
  /** What the line's slope has too much: ε·x². */
  readonly surplus: number
}

/** The slope of the curve alone: does not depend on the nudge. */
export function curveAt(w: number): { readonly w: number; readonly error: number; readonly slope: number } {
  const { error, slope } = turnAt(w)
  return { w, error, slope }
}

/** Both points and both slopes, with the curve's own given. */
export function nudgeAt({ w, error, slope }: ReturnType<typeof curveAt>, nudge: number): Nudge {
  const [loss, after] = lossesAt([w, w + nudge]) as [number, number]
  return { w, nudge, error, loss, after, secant: (after - loss) / nudge, slope, surplus: nudge * x * x }
}

/** The slope of the line for each nudge of a list. */
export function ladder(w: number, nudges: readonly number[]): number[] {
  const at = tensor([...nudges], { dtype: 'float64' })
  const loss = lossesAt([w])[0]!
  return at.add(w).mul(x).sub(y).square().sub(loss).div(at).toArray() as number[]
}

/**
 * The curve under the lens: from `from` to `to` nudges beside the weight, magnified by 1 / nudge both ways. A point stands
 * at how many nudges from w, and at the change of the loss per nudge.
 */
export function underLens(
  w: number,
  nudge: number,
  from: number,
  to: number,
  count = 25,
): [number, number][] {
  const places = Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1))
  const losses = lossesAt([w, ...places.map(place => w + place * nudge)])
  return places.map((place, i) => [place, (losses[i + 1]! - losses[0]!) / nudge])
}
