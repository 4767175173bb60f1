// The model of the figure "The gradient, by shapes": every product of the table with errors or weights, and which of them
// is the gradient. Autograd knows the loss only, and is asked for its own answer.
import { tensor } from 'chainrule'
import {
  type Attempt,
  asRows,
  attempt,
  float64,
  type Numbers,
  type Pair,
  rows,
  seconds,
  today,
} from './requests.ts'

export const start = today
export const low = 0
export const high = 4
export const n = rows.length

export const lefts = ['X', 'Xᵀ', 'errors'] as const
export const rights = ['errors', 'X', 'w'] as const
export type Left = (typeof lefts)[number]
export type Right = (typeof rights)[number]
type Name = Left | Right

export interface Table {
  readonly w: Pair
  readonly errors: readonly number[]
  readonly loss: number
  /** By one backward pass over the loss. */
  readonly gradient: Pair
}

export function tableAt(w: Pair): Table {
  const weights = tensor([...w], { dtype: 'float64', requiresGrad: true })
  const errors = float64(rows).matmul(weights).sub(float64(seconds))
  const loss = errors.square().mean()
  loss.backward()
  return {
    w,
    errors: (errors.toArray() as number[]).map(tidy),
    loss: tidy(loss.item()),
    gradient: (weights.grad!.toArray() as number[]).map(tidy) as unknown as Pair,
  }
}

export function factor(name: Name, { w, errors }: Table): Numbers {
  if (name === 'errors') return errors
  if (name === 'w') return w
  return name === 'X' ? rows : (float64(rows).T.toArray() as unknown as number[][])
}

export interface Product {
  readonly shape: readonly number[]
  readonly values: readonly (readonly number[])[]
}

export function productOf(left: Left, right: Right, table: Table): Attempt<Product> {
  const tried = attempt(() => float64(factor(left, table)).matmul(float64(factor(right, table))))
  if (!tried.fits) return tried
  const { shape } = tried.result
  const values = asRows(tried.result.toArray() as Numbers).map(line => line.map(tidy))
  return { fits: true, result: { shape: shape as readonly number[], values } }
}

/** 2/n times the product, where its shape is that of the weights. */
export function asGradient({ shape, values }: Product): Pair | null {
  if (shape.length !== 1 || shape[0] !== 2) return null
  const scaled = float64(values[0]!).mul(2 / n)
  return (scaled.toArray() as number[]).map(tidy) as unknown as Pair
}

/** What each product that fits is. */
export const meanings: Readonly<Record<string, string>> = {
  'X · w': 'Those are the predictions, one per request: the way forward. It sums the features away.',
  'Xᵀ · errors': 'It sums the requests away: for each weight, every error times its feature.',
  'Xᵀ · X': 'It says how the features go together over all requests, and knows nothing of errors.',
  'errors · errors': 'That is the sum of the squared errors: n times the loss, a single number.',
  'errors · X': 'The same sums as Xᵀ · errors, written from the other side.',
}

/** Without the last digits, which are rounding. */
function tidy(value: number): number {
  return Number(value.toPrecision(12))
}
