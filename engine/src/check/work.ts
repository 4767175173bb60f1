// What a call of the function costs, and how many derivatives are compared by themselves for that: of a function that takes
// a millisecond a hundred, of one that takes a second only so many that the answer is still waited for.
import type { Node, Value } from '../core/value.ts'
import { recorded } from './recorded.ts'
import type { Pullback } from './subject.ts'

/** Elements to compare one by one: all while there are no more than `most`, else so many of each, at random. */
export interface Sampling {
  readonly most: number
  readonly columns: number
  readonly rows: number
}

/** The most that are checked one by one where nothing is asked for. */
const USUAL_MOST = 2048
const SAMPLED = { least: 4, most: 96 }
/** A column takes about this many calls of the function, a row about as much as this many. */
const CALLS = { column: 20, row: 3 }
/** Work, about a nanosecond each: for a random choice of rows and of columns, and for all of them one by one. */
const BUDGET = { sampled: 2e8, exhaustive: 1e10 }
/** An element of any op costs more than a multiplication within a matrix product. */
const ELEMENT = 4

/** How many derivatives of a recorded function to compare; `asked` is what the caller wants as `most`. */
export function samplingFor(pullback: Pullback, asked: number | undefined): Sampling {
  const work = workOf(pullback)
  const within = (least: number, most: number, budget: number, calls: number) =>
    Math.max(least, Math.min(most, Math.floor(budget / (calls * work))))
  return {
    most: asked ?? within(SAMPLED.most, USUAL_MOST, BUDGET.exhaustive, CALLS.column),
    columns: within(SAMPLED.least, SAMPLED.most, BUDGET.sampled, CALLS.column),
    rows: within(SAMPLED.least, SAMPLED.most, BUDGET.sampled, CALLS.row),
  }
}

/** What one call computes: by count, not by the clock, so that the same elements are chosen every time. */
function workOf(pullback: Pullback): number {
  return recorded(pullback).reduce((sum, value) => sum + costOf(value, value.node as Node), 1)
}

function costOf(output: Value, { primitive, inputs }: Node): number {
  const sizes = (inputs ?? []).map(x => x.numel)
  if (primitive.lower?.kind !== 'contract') return ELEMENT * Math.max(output.numel, ...sizes)
  // [b, m, k] by [b, k, n]: the product of the three sizes is b·(b·m·k·n)².
  const batch = output.shape.slice(0, -2).reduce((product, size) => product * size, 1)
  return Math.sqrt(sizes.reduce((product, size) => product * size, output.numel) / Math.max(1, batch))
}
