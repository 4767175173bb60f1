// The model of the figure "The bench": formulas written by hand, compared with nudges, and with the engine's gradcheck.
import { defineFunction, noGrad, type Tensor, tensor } from 'chainrule'
import { gradcheck } from 'chainrule/check'
import type { Specimen, Table } from './gradient-check-bench/specimens.ts'

const rows = [
  [1, 0.5],
  [2, 1],
  [3, 0.5],
  [4, 2],
]
export const table: Table = {
  X: tensor(rows, { dtype: 'float64' }),
  y: tensor([2.5, 5, 6.5, 10], { dtype: 'float64' }),
  n: rows.length,
}

export const names = ['w_prompt', 'w_queue'] as const
/** Where the lesson's check stands, and how far the weights go on the bench. */
export const start: readonly [number, number] = [1.3, 1.1]
export const low = 0.5
export const high = 3

const nudge = 1e-5

export interface Reading {
  readonly formula: number
  readonly nudged: number
  /** Formula divided by nudge: 1 where they agree, infinite where only the nudge says 0. */
  readonly ratio: number
  readonly agree: boolean
}

const vector = (values: readonly number[]) => tensor([...values], { dtype: 'float64' })
const lossOf = (w: Tensor) => table.X.matmul(w).sub(table.y).square().mean()

/** Centred differences: each weight nudged alone, to both sides. */
export function nudgesAt(at: readonly number[]): number[] {
  return noGrad(() =>
    at.map((_, i) => {
      const loss = (by: number) => lossOf(vector(at.map((value, j) => (i === j ? value + by : value)))).item()
      return (loss(nudge) - loss(-nudge)) / (2 * nudge)
    }),
  )
}

/** What a formula says at the weights `at`, beside what the nudges say. */
export function compare(specimen: Specimen, at: readonly number[], nudged = nudgesAt(at)): Reading[] {
  const formula = specimen.gradient(vector(at), table).toArray() as number[]
  return formula.map((value, i) => {
    const said = tidy(nudged[i]!)
    const agree = Math.abs(value - said) < 1e-6
    return { formula: tidy(value), nudged: said, ratio: agree ? 1 : value / said, agree }
  })
}

export interface Judgement {
  readonly verdict: string
  /** The mistake that the engine names, or null. */
  readonly mistake: string | null
}

/** What the engine's gradcheck says of a formula: it runs the loss forward and the formula backward. */
export function judge(specimen: Specimen, at: readonly number[]): Judgement {
  const planted = defineFunction({
    name: 'loss of the table',
    forward: (w: Tensor) => lossOf(w),
    vjp: (ct, [w]) => ct.mul(specimen.gradient(w, table)),
  })
  const w = tensor([...at], { dtype: 'float64', requiresGrad: true })
  const { verdict, mistake } = gradcheck(planted, [w])
  return { verdict, mistake }
}

/** Without the last digits, which are the rounding of the nudge. */
function tidy(value: number): number {
  return Number(value.toFixed(7))
}
