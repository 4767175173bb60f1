// What a wrong gradient looks like: a constant ratio, a factor that is an input, a transpose, entries in another
// order, a path that is missing, one entry among many. Works on the entries that were checked, all or some.
import { indexOf } from '../base/shape.ts'

/** One checked entry of the Jacobian: d output[row] / d input[column], flat indices. */
export interface CheckedEntry {
  readonly row: number
  readonly column: number
  readonly analytic: number
  readonly numeric: number
  /** How far the two may lie apart. */
  readonly bound: number
}

/** What is known of one input and one output beside the entries. */
export interface MistakeContext {
  readonly inputShape: readonly number[]
  readonly outputShape: readonly number[]
  /** Values that a wrong factor may be: the inputs by name, flat. */
  readonly values?: readonly { readonly name: string; readonly data: ArrayLike<number> }[]
}

/** The likeliest mistake. `text` is a phrase to follow "likely mistake:". */
export interface Mistake {
  readonly kind:
    | 'one entry'
    | 'missing path'
    | 'sign'
    | 'ratio'
    | 'input factor'
    | 'transpose'
    | 'order'
    | 'offset'
  readonly text: string
  /** analytic / numeric where that is constant. */
  readonly ratio?: number
}

/** Names the likely mistake behind the wrong ones among `entries`, or null where nothing fits. */
export function likelyMistake(entries: readonly CheckedEntry[], context: MistakeContext): Mistake | null {
  const wrong = entries.filter(isWrong)
  if (wrong.length === 0) return null
  const telling = entries.filter(entry => Math.abs(entry.numeric) > entry.bound || isWrong(entry))
  const scope = wrong.length === telling.length ? '' : `, at ${wrong.length} of ${telling.length} entries`
  return (
    fewEntries(wrong, telling, context) ??
    constantRatio(wrong, scope, context) ??
    transposed(entries, context) ??
    inputFactor(wrong, scope, context) ??
    reordered(entries) ??
    offset(wrong, scope)
  )
}

const isWrong = ({ analytic, numeric, bound }: CheckedEntry): boolean =>
  !(Math.abs(analytic - numeric) <= bound)

/** Whether a equals b, where each is known to within its bound and a share of rounding. */
const close = (a: number, b: number, slack: number): boolean =>
  Math.abs(a - b) <= slack + 1e-7 * Math.max(Math.abs(a), Math.abs(b))

/** Six digits, or what tells the number from 1 where they do not. */
const plain = (x: number): string => {
  const rounded = Number(x.toPrecision(6))
  if (rounded !== 1 || x === 1) return String(rounded)
  return `1 ${x > 1 ? '+' : '-'} ${Number(Math.abs(x - 1).toPrecision(2))}`
}

function fewEntries(
  wrong: readonly CheckedEntry[],
  telling: readonly CheckedEntry[],
  context: MistakeContext,
): Mistake | null {
  const columns = [...new Set(wrong.map(entry => entry.column))]
  if (telling.length < 4 || wrong.length > Math.max(1, telling.length / 50) || columns.length > 3) return null
  const first = wrong[0]!
  const at = columns.map(column => `[${indexOf(column, context.inputShape).join(', ')}]`).join(', ')
  const ratio = ratioOf(wrong)
  const how =
    ratio === null
      ? 'are off'
      : ratio === 0
        ? 'zero'
        : ratio === -1
          ? 'of the wrong sign'
          : ratio === 2
            ? 'doubled'
            : `times ${plain(ratio)}`
  const verb = ratio === null ? '' : columns.length === 1 ? 'is ' : 'are '
  const which = columns.length === 1 ? `entry ${at}` : `entries ${at}`
  const words = ratio === null && columns.length === 1 ? 'is off' : `${verb}${how}`
  return {
    kind: 'one entry',
    text: `only ${which} of ${telling.length} ${words}${first.analytic === 0 ? ': a missing path to it' : ''}`,
    ...(ratio === null ? {} : { ratio }),
  }
}

/** analytic / numeric where it is the same at all of `wrong`, made exact where it nearly is a simple number. */
function ratioOf(wrong: readonly CheckedEntry[]): number | null {
  if (wrong.every(entry => Math.abs(entry.analytic) <= entry.bound)) return 0
  const clearest = wrong.reduce((best, entry) =>
    Math.abs(entry.numeric) / (entry.bound || Number.MIN_VALUE) >
    Math.abs(best.numeric) / (best.bound || Number.MIN_VALUE)
      ? entry
      : best,
  )
  if (clearest.numeric === 0) return null
  const measured = clearest.analytic / clearest.numeric
  if (!Number.isFinite(measured)) return null
  const error =
    (clearest.bound / Math.abs(clearest.numeric)) * (1 + Math.abs(measured)) + 1e-7 * Math.abs(measured)
  const tidy = [Math.round(measured), 1 / Math.round(1 / measured)].find(
    // 1 is what these entries were found not to be.
    simple => Number.isFinite(simple) && simple !== 0 && simple !== 1 && Math.abs(simple - measured) <= error,
  )
  const ratio = tidy ?? measured
  const constant = wrong.every(entry =>
    close(entry.analytic, ratio * entry.numeric, entry.bound * (1 + Math.abs(ratio))),
  )
  return constant ? ratio : null
}

function constantRatio(
  wrong: readonly CheckedEntry[],
  scope: string,
  context: MistakeContext,
): Mistake | null {
  const ratio = ratioOf(wrong)
  // One entry has a ratio of its own whatever is wrong: only a telling one counts.
  if (ratio === null) return null
  if (ratio === 0) {
    const text = `a missing path: the gradient is 0 where f does change${scope}`
    return { kind: 'missing path', text, ratio }
  }
  if (ratio === -1) return { kind: 'sign', text: `the sign${scope}`, ratio }
  const meanings: string[] = []
  if (ratio === 2) meanings.push('counted twice')
  if (ratio === 1 / 2) meanings.push('half lost: a factor 2, or one of two equal paths missing')
  for (const [size, words] of sizesOf(context)) {
    if (ratio === size) meanings.push(`${words}: a sum where a mean is taken`)
    if (ratio === 1 / size) meanings.push(`1 / ${words}: a mean where a sum is taken`)
  }
  if (wrong.length === 1 && meanings.length === 0) {
    const factor = inputFactor(wrong, scope, context)
    if (factor !== null) return factor
  }
  const fraction = Math.abs(ratio) < 1 && Number.isInteger(1 / ratio) ? `1/${1 / ratio}` : plain(ratio)
  const meaning = meanings.length > 0 ? ` (${meanings.join('; or ')})` : ''
  return { kind: 'ratio', text: `a constant ratio of ${fraction}${meaning}${scope}`, ratio }
}

/** The sizes a gradient may be wrong by, each with its name. */
function sizesOf({ inputShape, outputShape }: MistakeContext): Map<number, string> {
  const sizes = new Map<number, string>()
  const note = (size: number, words: string) => {
    if (size > 1 && !sizes.has(size)) sizes.set(size, words)
  }
  for (const [shape, name] of [
    [inputShape, 'input'],
    [outputShape, 'output'],
  ] as const) {
    note(shape[0] ?? 1, `the ${name}'s rows`)
    for (const [dim, size] of shape.entries()) note(size, `the ${name}'s size along dimension ${dim}`)
    note(
      shape.reduce((product, size) => product * size, 1),
      `the ${name}'s number of elements`,
    )
  }
  return sizes
}

function inputFactor(wrong: readonly CheckedEntry[], scope: string, context: MistakeContext): Mistake | null {
  for (const { name, data } of context.values ?? []) {
    const size = context.inputShape.reduce((product, length) => product * length, 1)
    const at = (entry: CheckedEntry): number | undefined =>
      data.length === 1 ? data[0] : data.length === size ? data[entry.column] : data[entry.row]
    if (!wrong.every(entry => Number.isFinite(at(entry)))) continue
    // A factor of 0 says nothing: what it makes of a derivative is 0, or beyond all bounds.
    if (wrong.every(entry => at(entry) === 0)) continue
    const fits = (power: 1 | -1) =>
      wrong.every(entry => {
        const factor = at(entry)! ** power
        const known = Number.isFinite(factor)
        return known && close(entry.analytic, factor * entry.numeric, entry.bound * (1 + Math.abs(factor)))
      })
    if (fits(1)) return { kind: 'input factor', text: `multiplied by ${name} once too often${scope}` }
    if (fits(-1)) return { kind: 'input factor', text: `the factor ${name} is missing${scope}` }
  }
  return null
}

function transposed(entries: readonly CheckedEntry[], { inputShape }: MistakeContext): Mistake | null {
  if (inputShape.length !== 2) return null
  const [rows, columns] = inputShape as readonly [number, number]
  if (rows < 2 || columns < 2) return null
  const known = new Map(entries.map(entry => [entry.row * rows * columns + entry.column, entry]))
  // Entry k of the transposed matrix, laid out flat, is element (k mod rows, k div rows) of the matrix.
  const isTransposed = entries.every(entry => {
    const column = (entry.column % rows) * columns + Math.floor(entry.column / rows)
    const other = known.get(entry.row * rows * columns + column)
    return other === undefined
      ? !isWrong(entry)
      : close(entry.analytic, other.numeric, other.bound + entry.bound)
  })
  if (!isTransposed) return null
  return { kind: 'transpose', text: 'a transpose: what is returned is the transposed gradient' }
}

function reordered(entries: readonly CheckedEntry[]): Mistake | null {
  const rows = new Map<number, CheckedEntry[]>()
  for (const entry of entries) {
    const row = rows.get(entry.row)
    if (row === undefined) rows.set(entry.row, [entry])
    else row.push(entry)
  }
  for (const row of rows.values()) {
    const analytic = row.map(entry => entry.analytic).sort((a, b) => a - b)
    const numeric = row.map(entry => entry.numeric).sort((a, b) => a - b)
    const bound = Math.max(...row.map(entry => entry.bound))
    if (!analytic.every((value, i) => close(value, numeric[i]!, bound))) return null
  }
  return { kind: 'order', text: 'the right values in the wrong order: an index or a permutation not undone' }
}

function offset(wrong: readonly CheckedEntry[], scope: string): Mistake | null {
  const first = wrong[0]!
  const missing = first.numeric - first.analytic
  const constant = wrong.every(entry => close(entry.numeric - entry.analytic, missing, 2 * entry.bound))
  if (wrong.length < 2 || !constant || !Number.isFinite(missing)) return null
  return {
    kind: 'offset',
    text: `short of the true one by ${plain(missing)} everywhere: a missing path${scope}`,
  }
}
