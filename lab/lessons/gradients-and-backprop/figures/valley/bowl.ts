// The loss of a few requests over two weights: a bowl, or a valley when the requests are in proportion.
import { grad, hessian, type Tensor, tensor } from 'chainrule'

/** Prompt in hundreds of tokens, queue delay, seconds that the response took. */
export interface Row {
  readonly prompt: number
  readonly queue: number
  readonly seconds: number
}

export type Pair = readonly [number, number]

/** The lesson's four requests. They were made with the weights 2 and 1. */
export const table: readonly Row[] = [
  { prompt: 1, queue: 0.5, seconds: 2.5 },
  { prompt: 2, queue: 1, seconds: 5 },
  { prompt: 3, queue: 0.5, seconds: 6.5 },
  { prompt: 4, queue: 2, seconds: 10 },
]

/** How the loss bends: along which direction most and least, and how much. */
export interface Bowl {
  /** The gradient at the weights 0 and 0. */
  readonly atZero: Pair
  /** Second derivatives. */
  readonly bend: readonly [Pair, Pair]
  /** A place where the loss is least. */
  readonly bottom: Pair
  readonly least: number
  readonly steep: number
  readonly flat: number
  /** The direction across the valley, of length 1; the floor runs at right angles to it. */
  readonly across: Pair
  /** Whether more than one place has the least loss. */
  readonly open: boolean
  /** Rates from here on leave. */
  readonly limit: number
  readonly condition: number
}

function lossOf(rows: readonly Row[]): (w: Tensor) => Tensor {
  const features = tensor(
    rows.map(row => [row.prompt, row.queue]),
    { dtype: 'float64' },
  )
  const actual = tensor(
    rows.map(row => row.seconds),
    { dtype: 'float64' },
  )
  return w => features.matmul(w).sub(actual).square().mean()
}

const weights = (w: Pair) => tensor([w[0], w[1]], { dtype: 'float64' })

/** The loss as a function of the weights, with the rows' tensors made once. */
export function lossOver(rows: readonly Row[]): (w: Pair) => number {
  const loss = lossOf(rows)
  return w => loss(weights(w)).item()
}

/** The engine's gradient; `gradientIn` is the same without running the engine again. */
export function gradientOver(rows: readonly Row[]): (w: Pair) => Pair {
  const slope = grad(lossOf(rows))
  return w => slope(weights(w)).toArray() as unknown as Pair
}

/** First and second derivatives by the engine, and what follows from them. */
export function bowlOf(rows: readonly Row[]): Bowl {
  const [gp, gq] = gradientOver(rows)([0, 0])
  const [[a, b], [, d]] = hessian(lossOf(rows))(weights([0, 0])).toArray() as [Pair, Pair]
  const middle = (a + d) / 2
  const reach = Math.hypot((a - d) / 2, b)
  const steep = middle + reach
  const det = a * d - b * b
  const open = det < steep * steep * 1e-12
  const flat = open ? 0 : det / steep
  const length = Math.hypot(b, steep - a)
  const across: Pair = length === 0 ? [1, 0] : [b / length, (steep - a) / length]
  // On an open floor: the place nearest to the weights 0 and 0.
  const down = -(gp * across[0] + gq * across[1]) / steep
  const bottom: Pair = open
    ? [down * across[0], down * across[1]]
    : [(b * gq - d * gp) / det, (b * gp - a * gq) / det]
  return {
    atZero: [gp, gq],
    bend: [
      [a, b],
      [b, d],
    ],
    bottom,
    least: Math.max(0, lossOver(rows)(bottom)),
    steep,
    flat,
    across,
    open,
    limit: 2 / steep,
    condition: steep / flat,
  }
}

/** The gradient anywhere: that of a squared loss is a straight function of the weights, known from two derivatives. */
export function gradientIn({ atZero, bend }: Bowl, [p, q]: Pair): Pair {
  return [atZero[0] + bend[0][0] * p + bend[0][1] * q, atZero[1] + bend[1][0] * p + bend[1][1] * q]
}

/** `count` steps of descent, the start included. */
export function descend(bowl: Bowl, from: Pair, rate: number, count: number): Pair[] {
  const path: Pair[] = [from]
  let [p, q] = from
  for (let step = 0; step < count; step++) {
    const [gp, gq] = gradientIn(bowl, [p, q])
    p -= rate * gp
    q -= rate * gq
    path.push([p, q])
  }
  return path
}

/** The outline on which the loss is `level`: an ellipse, or on an open valley the two lines beside its floor. */
export function outline(bowl: Bowl, level: number, count = 72): Pair[][] {
  const { bottom, across } = bowl
  const along: Pair = [-across[1], across[0]]
  const at = (s: number, t: number): Pair => [
    bottom[0] + s * across[0] + t * along[0],
    bottom[1] + s * across[1] + t * along[1],
  ]
  const height = 2 * (level - bowl.least)
  if (height < 0) return []
  const wide = Math.sqrt(height / bowl.steep)
  const far = 20
  if (bowl.open) return (wide === 0 ? [0] : [-wide, wide]).map(s => [at(s, -far), at(s, far)])
  const long = Math.sqrt(height / bowl.flat)
  const turns = Array.from({ length: count + 1 }, (_, i) => (2 * Math.PI * i) / count)
  return [turns.map(turn => at(wide * Math.cos(turn), long * Math.sin(turn)))]
}
