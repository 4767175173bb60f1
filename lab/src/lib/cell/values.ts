// How the named values of a program are shown: which quantity each is, and its numbers as text.
import { show } from '../figure/format.ts'
import type { Quantity } from '../figure/quantities.ts'
import type { NamedValue, Numbers } from './types.ts'

/** More numbers than this are told by their shape. */
const LISTED = 8
const PLACES = 6

const patterns: readonly (readonly [RegExp, Quantity])[] = [
  [/grad|slope|^dLoss|^dError|^dPrediction|^paths?$|numerical|analytical|manual|^first$/i, 'gradient'],
  [/error|loss/i, 'error'],
  [/^w$|^w[A-Z]|weight|updated|^b$|bias/, 'param'],
]

/** Read from its name; where in doubt, a value. */
export function quantityOf({ name, kind, grad }: Pick<NamedValue, 'name' | 'kind' | 'grad'>): Quantity {
  if (kind === 'truth') return 'value'
  if (grad !== undefined && grad !== null) return 'param'
  return patterns.find(([pattern]) => pattern.test(name))?.[1] ?? 'value'
}

/** `[1.6, 1.8]`, `[[1, 0.5], [2, 1]]`, or for many `4 × 2 numbers`. */
export function numbersText({ shape, data, more }: Numbers, dtype = 'float64'): string {
  if (data.length + more > LISTED || data.length === 0) return `${shape.join(' × ')} numbers`
  return nested(shape, dtype === 'float32' ? data.map(sixDigits) : data)
}

export function valueText({ kind, numbers, dtype }: NamedValue): string {
  if (kind === 'truth') return numbers.data[0] === 1 ? 'true' : 'false'
  return numbersText(numbers, dtype)
}

/** What a float32 is sure of. */
function sixDigits(x: number): number {
  return Number.isFinite(x) ? Number(x.toPrecision(6)) : x
}

/** One element of a gradient as its name is written: `w.grad[0]`, `gradient[1]`, `slope`. */
export function elementText(name: string, index: readonly number[]): string {
  return index.length === 0 ? name : `${name}[${index.join(', ')}]`
}

/** The index of every element shown, in row-major order. */
export function indicesOf({ shape, data }: Numbers): number[][] {
  return data.map((_, flat) => {
    const index: number[] = []
    let rest = flat
    for (const size of shape.toReversed()) {
      index.unshift(rest % size)
      rest = Math.floor(rest / size)
    }
    return index
  })
}

function nested(shape: readonly number[], data: readonly number[]): string {
  // A page carries values as JSON, which has no NaN and no Infinity.
  if (shape.length === 0) return show(data[0] ?? Number.NaN, PLACES)
  const [size = 0, ...inner] = shape
  const width = data.length / Math.max(1, size)
  const parts = Array.from({ length: size }, (_, i) => nested(inner, data.slice(i * width, (i + 1) * width)))
  return `[${parts.join(', ')}]`
}

export interface Explainable {
  readonly what: { readonly name: string; readonly index: readonly number[]; readonly isGrad: boolean }
  /** The element, as the reader writes it. */
  readonly label: string
}

/** More elements of a gradient than this are not offered one by one. */
const OFFERED = 6

/** The gradients of a value that can be explained: the elements of its `.grad`, or itself where the program says so. */
export function explainable(
  value: NamedValue,
  byHand: readonly (readonly number[])[],
): readonly Explainable[] {
  const { name, grad } = value
  const offer = (index: readonly number[], isGrad: boolean): Explainable => ({
    what: { name, index, isGrad },
    label: elementText(isGrad ? `${name}.grad` : name, index),
  })
  if (grad !== undefined && grad !== null) {
    return indicesOf(grad)
      .slice(0, OFFERED)
      .map(index => offer(index, true))
  }
  return byHand.map(index => offer(index, false))
}
