// The model of the figure "The guard": the lesson's one row, trained by the engine until its numbers run out.
import { grad, noGrad, type Tensor, tensor } from 'chainrule'

/** The request and the weight of the lesson. */
const x = 2
const y = 5
export const begin = 3

/** Steps that the figure shows. */
export const last = 400
export const rates = [1, 0.1] as const
export type Rate = (typeof rates)[number]

export type Guard = 'none' | 'nan' | 'slope' | 'finite'
export type Place = 'before' | 'after'

export interface Step {
  readonly step: number
  /** The weight that this step began with. */
  readonly w: number
  readonly error: number
  readonly loss: number
  readonly slope: number
  /** What the update makes of the weight, if nothing stops it. */
  readonly next: number
}

const scalar = (value: number, requiresGrad = false): Tensor =>
  tensor(value, { dtype: 'float64', requiresGrad })

/** Every step of a run without a guard. */
export function run(rate: Rate): Step[] {
  const steps: Step[] = []
  let w = begin
  for (let step = 0; step <= last; step++) {
    const weight = scalar(w, true)
    const error = weight.mul(x).sub(y)
    const loss = error.square()
    const [slope] = grad(loss, [weight]) as [Tensor]
    const next = noGrad(() => weight.sub(slope.mul(rate))).item()
    steps.push({ step, w, error: error.item(), loss: loss.item(), slope: slope.item(), next })
    w = next
  }
  return steps
}

export interface Stop {
  readonly step: number
  /** The weight that the guard leaves behind. */
  readonly w: number
}

/** Where a guard stops a run: before the update it keeps the weight, after it the update has been made. Null: never. */
export function stopOf(steps: readonly Step[], guard: Guard, place: Place): Stop | null {
  const trips: Readonly<Record<Guard, (step: Step) => boolean>> = {
    none: () => false,
    nan: ({ loss }) => Number.isNaN(loss),
    slope: ({ slope }) => !Number.isFinite(slope),
    finite: ({ loss, slope }) => !(Number.isFinite(loss) && Number.isFinite(slope)),
  }
  const found = steps.find(trips[guard])
  if (found === undefined) return null
  return { step: found.step, w: place === 'before' ? found.w : found.next }
}

/** The first step whose loss is Infinity, whose weight is, and whose loss is NaN; null when there is none. */
export function milestones(
  steps: readonly Step[],
): Record<'lossInfinite' | 'weightInfinite' | 'lossNaN', number | null> {
  const first = (is: (step: Step) => boolean) => steps.find(is)?.step ?? null
  return {
    lossInfinite: first(({ loss }) => loss === Number.POSITIVE_INFINITY),
    weightInfinite: first(({ w }) => Math.abs(w) === Number.POSITIVE_INFINITY),
    lossNaN: first(({ loss }) => Number.isNaN(loss)),
  }
}

export interface Origin {
  readonly sum: string
  readonly result: number
}

/** Where a NaN comes from, and some neighbours that make none: the engine's own answers. */
export function origins(): Origin[] {
  const big = scalar(Number.POSITIVE_INFINITY)
  return [
    { sum: '∞ − ∞', result: big.sub(big).item() },
    { sum: '0 · ∞', result: scalar(0).mul(big).item() },
    { sum: 'a bad input: 2 · NaN', result: scalar(2).mul(scalar(Number.NaN)).item() },
    { sum: '∞ + ∞', result: big.add(big).item() },
    { sum: '2 · ∞', result: scalar(2).mul(big).item() },
    { sum: '10³⁰⁸ · 10', result: scalar(1e308).mul(10).item() },
  ]
}
