// The model of the figure "Broadcasting stretcher": two shapes, lined up from the right, and what the engine makes of them.
import type { Tensor } from 'chainrule'
import {
  type Attempt,
  asRows,
  attempt,
  float64,
  type Numbers,
  rows,
  seconds,
  shapeText,
  trained,
} from './requests.ts'

/** Seconds that the network added to each request. */
const network = [0.1, 0.2, 0.1, 0.4]
const predictions = float64(rows).matmul(float64(trained)).toArray() as number[]
const upright = (list: readonly number[]) => list.map(value => [value])

/** What each rule predicts of each request; a rule is its two weights. */
const says = (rules: readonly (readonly [number, number])[]) =>
  float64(rows).matmul(float64(rules).T).toArray() as unknown as number[][]
const threeRules = says([[3, 1], trained, [2.5, 0]])
const fourRules = says([[3, 1], trained, [2.5, 0], [1, 4]])

export interface Operand {
  readonly name: string
  readonly values: Numbers
}

export interface Case {
  readonly key: string
  readonly name: string
  readonly sign: '−' | '+'
  readonly left: Operand
  readonly right: Operand
  /** What comes of it, for the reader. */
  readonly means: string
  /** It runs, and is not what was meant. */
  readonly trap: boolean
}

export const cases: readonly Case[] = [
  {
    key: 'per-rule',
    name: 'three rules + an offset per rule',
    sign: '+',
    left: { name: 'predictions', values: threeRules },
    right: { name: 'offset', values: [0.5, 1, 0] },
    means: 'Each rule’s offset goes to all four requests, as meant.',
    trap: false,
  },
  {
    key: 'column',
    name: 'predictions − seconds as a column',
    sign: '−',
    left: { name: 'predictions', values: predictions },
    right: { name: 'seconds', values: upright(seconds) },
    means: 'Every prediction is compared with every request’s seconds. Only the diagonal was meant.',
    trap: true,
  },
  {
    key: 'errors',
    name: 'predictions − seconds',
    sign: '−',
    left: { name: 'predictions', values: predictions },
    right: { name: 'seconds', values: seconds },
    means: 'Each prediction meets its own request’s seconds. Nothing is stretched.',
    trap: false,
  },
  {
    key: 'refused',
    name: 'three rules + an offset per request',
    sign: '+',
    left: { name: 'predictions', values: threeRules },
    right: { name: 'network', values: network },
    means: 'Lined up from the right, requests stand under rules. The engine stops.',
    trap: false,
  },
  {
    key: 'mended',
    name: 'the same, as a column',
    sign: '+',
    left: { name: 'predictions', values: threeRules },
    right: { name: 'network', values: upright(network) },
    means: 'As a column, the offsets stand under requests and stretch over the rules.',
    trap: false,
  },
  {
    key: 'square',
    name: 'four rules + an offset per request',
    sign: '+',
    left: { name: 'predictions', values: fourRules },
    right: { name: 'network', values: network },
    means:
      'Four rules and four requests: the sizes agree by accident, and each request’s offset goes to a rule.',
    trap: true,
  },
]

/** One dimension of the two, counted from the right. */
export interface Axis {
  /** null: this operand has no such dimension. */
  readonly left: number | null
  readonly right: number | null
  readonly verdict: 'equal' | 'left stretches' | 'right stretches' | 'refused'
}

export function axesOf(left: readonly number[], right: readonly number[]): Axis[] {
  const count = Math.max(left.length, right.length)
  return Array.from({ length: count }, (_, i) => {
    const a = left[left.length - count + i] ?? null
    const b = right[right.length - count + i] ?? null
    return { left: a, right: b, verdict: verdictOn(a ?? 1, b ?? 1, a === null, b === null) }
  })
}

function verdictOn(a: number, b: number, noLeft: boolean, noRight: boolean): Axis['verdict'] {
  if (a === b && !noLeft && !noRight) return 'equal'
  if (a === 1) return 'left stretches'
  return b === 1 ? 'right stretches' : 'refused'
}

/** An operand as it takes part: what it holds, and the copies that stretching made. */
export interface Stretched {
  readonly shape: readonly number[]
  readonly values: readonly (readonly number[])[]
  copy(row: number, column: number): boolean
}

export interface Outcome {
  readonly axes: readonly Axis[]
  readonly left: Stretched
  readonly right: Stretched
  readonly tried: Attempt<{
    readonly shape: readonly number[]
    readonly values: readonly (readonly number[])[]
    /** The mean of the squares, where the result is errors. */
    readonly loss: number | null
  }>
}

export function outcomeOf({ sign, left, right }: Case): Outcome {
  const [a, b] = [float64(left.values), float64(right.values)]
  const tried = attempt(() => (sign === '−' ? a.sub(b) : a.add(b)))
  const shape = tried.fits ? (tried.result.shape as readonly number[]) : null
  return {
    axes: axesOf(a.shape, b.shape),
    left: stretched(a, shape),
    right: stretched(b, shape),
    tried: tried.fits
      ? {
          fits: true,
          result: {
            shape: tried.result.shape as readonly number[],
            values: asRows(tried.result.toArray() as Numbers),
            loss: sign === '−' ? tried.result.square().mean().item() : null,
          },
        }
      : tried,
  }
}

function stretched(operand: Tensor, to: readonly number[] | null): Stretched {
  const own = operand.shape as readonly number[]
  const whole = to === null ? operand : operand.expand([...to])
  const rowsOwn = own.length < 2 ? 1 : own[0]!
  const columnsOwn = own.at(-1) ?? 1
  return {
    shape: own,
    values: asRows(whole.toArray() as Numbers),
    copy: (row, column) => row >= rowsOwn || column >= columnsOwn,
  }
}

export function outcomeInWords(which: Case, { axes, left, right, tried }: Outcome): string {
  const both = `${shapeText(left.shape)} ${which.sign} ${shapeText(right.shape)}`
  if (!tried.fits) return `${both} is refused. ${which.means} It says: ${tried.complaint}.`
  const stretches = axes.filter(axis => axis.verdict !== 'equal').length
  const how = ['every size is equal', 'one size stretches', 'two sizes stretch'][stretches]
  return `${both} gives ${shapeText(tried.result.shape)}: ${how}. ${which.means}`
}
