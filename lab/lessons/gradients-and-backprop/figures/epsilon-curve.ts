// The model of the figure "How small a nudge?": both differences of eˣ·sin x at 1, and how far each is off.
import { grad, noGrad, type Tensor, tensor } from 'chainrule'

export const at = 1

/** The nudges of the figure, as powers of ten. */
export const least = -16
export const most = 0
const perDecade = 8

export type Kind = 'one-sided' | 'centred'
export const kinds: readonly Kind[] = ['one-sided', 'centred']

export interface Nudged {
  readonly eps: number
  readonly oneSided: number
  readonly centred: number
  readonly oneSidedOff: number
  readonly centredOff: number
  /** Whether x + ε is x itself: the nudge is lost before the function sees it. */
  readonly lost: boolean
}

const f = (x: Tensor) => x.exp().mul(x.sin())

/** f and its first three derivatives at the point, by differentiating the engine's gradient again. */
export const [height, slope, bend, twist] = derivatives()

function derivatives(): readonly [number, number, number, number] {
  const x = tensor(at, { dtype: 'float64', requiresGrad: true })
  const orders: Tensor[] = [f(x)]
  for (let order = 1; order <= 3; order++) {
    orders.push(grad(orders.at(-1)!, [x], { createGraph: true })[0]!)
  }
  return orders.map(value => value.item()) as unknown as readonly [number, number, number, number]
}

/** Both differences, for many nudges in three runs of the function. */
export function nudge(epsilons: readonly number[]): Nudged[] {
  const heights = (by: (eps: number) => number) =>
    noGrad(() => f(tensor(epsilons.map(by), { dtype: 'float64' })).toArray() as number[])
  const above = heights(eps => at + eps)
  const below = heights(eps => at - eps)
  const here = heights(() => at)
  return epsilons.map((eps, i) => {
    const oneSided = (above[i]! - here[i]!) / eps
    const centred = (above[i]! - below[i]!) / (2 * eps)
    return {
      eps,
      oneSided,
      centred,
      oneSidedOff: Math.abs(oneSided - slope),
      centredOff: Math.abs(centred - slope),
      lost: at + eps === at,
    }
  })
}

/** The curve: nudges evenly spaced in their powers of ten. */
export function curve(): Nudged[] {
  const count = (most - least) * perDecade + 1
  return nudge(Array.from({ length: count }, (_, i) => 10 ** (least + i / perDecade)))
}

/** What the bend of the curve adds to a difference: ε·f″/2 to one side, ε²·f‴/6 to both. */
export function fromBend(kind: Kind, eps: number): number {
  return Math.abs(kind === 'one-sided' ? (eps * bend) / 2 : (eps ** 2 * twist) / 6)
}

/** What rounding of f by half its last digit can add: the smaller the nudge, the more. */
export function fromRounding(eps: number): number {
  return (2 ** -53 * Math.abs(height)) / eps
}

/** The nudge at which bend and rounding weigh the same: about the best there is. */
export function best(kind: Kind): number {
  const rounding = 2 ** -53 * Math.abs(height)
  return kind === 'one-sided'
    ? Math.sqrt((2 * rounding) / Math.abs(bend))
    : Math.cbrt((6 * rounding) / Math.abs(twist))
}
