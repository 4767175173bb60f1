// einsum: sums of products written with letters. Operands are contracted two at a time, each time as one batched matrix
// product: letters of both that are kept become its batch, letters of both that are not its inner dimension.
import { ArgumentError, ShapeError } from '../../base/errors.ts'
import { formatShape, numelOf } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import type { Value } from '../../core/value.ts'
import { alias } from '../../primitives/cast.ts'
import { matmul } from '../../primitives/contract.ts'
import { mul } from '../../primitives/elementwise/arithmetic.ts'
import { unify } from '../../primitives/elementwise/operands.ts'
import { permute } from '../../primitives/movement.ts'
import { reshape, sum } from '../../primitives/structure.ts'
import { diagonal } from './diagonals.ts'

/** A value whose dimensions have labels: letters, or `.0`, `.1`, ... for those of the ellipsis, counted from the last. */
interface Labelled {
  readonly value: Value
  readonly labels: readonly string[]
}

/**
 * Σ of products over the letters that `equation` leaves out of its output: 'ij,jk->ik' is the matrix product, 'ii->i' the
 * diagonal, '...ij->...ji' the transpose. Without '->' the output has the letters that occur once, in order, after any
 * ellipsis. Sizes of a letter must be equal or 1.
 */
export function einsum(equation: string, ...operands: readonly Value[]): Value {
  return inRegion('einsum', () => {
    const { inputs, output } = parse(equation, operands)
    const values = unify('einsum', operands, 'same')
    const terms = inputs.map((labels, i) => diagonals({ value: values[i] as Value, labels }, equation))
    checkSizes(terms, equation)
    let total = terms[0] as Labelled
    for (let i = 1; i < terms.length; i++) {
      const later = new Set([...output, ...terms.slice(i + 1).flatMap(term => term.labels)])
      total = contract(total, terms[i] as Labelled, later)
    }
    total = summed(total, new Set(output))
    const result = permute(
      total.value,
      output.map(label => total.labels.indexOf(label)),
    )
    return operands.includes(result) ? alias(result) : result
  })
}

function parse(equation: string, operands: readonly Value[]): { inputs: string[][]; output: string[] } {
  const compact = equation.replaceAll(' ', '')
  const [left, right, ...more] = compact.split('->')
  const terms = (left as string).split(',')
  if (more.length > 0) throw new ArgumentError(`einsum: '${equation}' has more than one ->`)
  if (terms.length !== operands.length) {
    throw new ArgumentError(
      `einsum: '${equation}' has ${terms.length} terms before the arrow for ${operands.length} tensors; give one term for each, separated by commas`,
    )
  }
  const inputs = terms.map((term, i) =>
    labelsOf(term, operands[i]?.ndim ?? 0, equation, operands[i] as Value),
  )
  const all = inputs.flat()
  const spread = [...new Set(all.filter(label => label.startsWith('.')))].sort(
    (a, b) => Number(b.slice(1)) - Number(a.slice(1)),
  )
  if (right === undefined) {
    const once = [...new Set(all)].filter(
      label => !label.startsWith('.') && all.indexOf(label) === all.lastIndexOf(label),
    )
    return { inputs, output: [...spread, ...once.sort()] }
  }
  const output = labelsOf(right, null, equation, null, spread)
  for (const label of output) {
    if (!all.includes(label))
      throw new ArgumentError(`einsum: '${label}' of the output of '${equation}' is in none of its inputs`)
    if (output.indexOf(label) !== output.lastIndexOf(label)) {
      throw new ArgumentError(
        `einsum: '${label}' stands twice in the output of '${equation}'; only inputs may repeat a letter`,
      )
    }
  }
  return { inputs, output }
}

/** The labels of one term; `ndim` of its tensor tells how many dimensions an ellipsis stands for (null: those of `spread`). */
function labelsOf(
  term: string,
  ndim: number | null,
  equation: string,
  value: Value | null,
  spread: readonly string[] = [],
): string[] {
  const [before, after, ...more] = term.split('...')
  const letters = `${before}${after ?? ''}`
  const wrong = /[^a-zA-Z]/.exec(letters)
  if (wrong !== null || more.length > 0) {
    throw new ArgumentError(
      `einsum: cannot read '${term}' in '${equation}'; terms are letters with at most one ellipsis (...)`,
    )
  }
  if (ndim === null) return after === undefined ? [...letters] : [...(before as string), ...spread, ...after]
  const free = ndim - letters.length
  if (free < 0 || (after === undefined && free > 0)) {
    throw new ShapeError(
      `einsum: term '${term}' of '${equation}' names ${letters.length} dimensions of shape ${formatShape((value as Value).shape)}; name each, or add an ellipsis (...)`,
    )
  }
  if (after === undefined) return [...letters]
  return [...(before as string), ...Array.from({ length: free }, (_, i) => `.${free - 1 - i}`), ...after]
}

/** Letters repeated within a term read the diagonal. */
function diagonals({ value, labels }: Labelled, equation: string): Labelled {
  for (const [i, label] of labels.entries()) {
    const again = labels.indexOf(label, i + 1)
    if (again < 0) continue
    if (value.shape[i] !== value.shape[again]) {
      throw new ShapeError(
        `einsum: '${label}' stands for sizes ${value.shape[i]} and ${value.shape[again]} of one tensor in '${equation}'; a repeated letter reads the diagonal of equal sizes`,
      )
    }
    const rest = labels.filter((_, d) => d !== i && d !== again)
    return diagonals({ value: diagonal(value, 0, i, again), labels: [...rest, label] }, equation)
  }
  return { value, labels }
}

function checkSizes(terms: readonly Labelled[], equation: string): void {
  const known = new Map<string, number>()
  for (const { value, labels } of terms) {
    for (const [d, label] of labels.entries()) {
      const size = value.shape[d] as number
      const before = known.get(label) ?? 1
      if (before !== 1 && size !== 1 && before !== size) {
        const name = label.startsWith('.') ? 'the ellipsis' : `'${label}'`
        throw new ShapeError(
          `einsum: ${name} stands for sizes ${before} and ${size} in '${equation}'; they must be equal or 1`,
        )
      }
      if (before === 1) known.set(label, size)
    }
  }
}

/** Sums over the labels that are not in `kept`. */
function summed({ value, labels }: Labelled, kept: ReadonlySet<string>): Labelled {
  const gone = labels.flatMap((label, d) => (kept.has(label) ? [] : [d]))
  return { value: sum(value, gone), labels: labels.filter(label => kept.has(label)) }
}

/** Without the dimensions of size 1 that `other` has in another size: they only broadcast. */
function trimmed({ value, labels }: Labelled, other: Labelled): Labelled {
  const broadcasts = labels.map((label, d) => {
    const at = other.labels.indexOf(label)
    return value.shape[d] === 1 && at >= 0 && other.value.shape[at] !== 1
  })
  return {
    value: reshape(
      value,
      value.shape.filter((_, d) => !broadcasts[d]),
    ),
    labels: labels.filter((_, d) => !broadcasts[d]),
  }
}

function contract(left: Labelled, right: Labelled, later: ReadonlySet<string>): Labelled {
  const x = trimmed(left, right)
  const y = trimmed(right, left)
  const a = summed(x, new Set([...later, ...y.labels]))
  const b = summed(y, new Set([...later, ...x.labels]))
  const shared = a.labels.filter(label => b.labels.includes(label))
  const batch = shared.filter(label => later.has(label))
  const inner = shared.filter(label => !later.has(label))
  const aOnly = a.labels.filter(label => !shared.includes(label))
  const bOnly = b.labels.filter(label => !shared.includes(label))
  const labels = [...batch, ...aOnly, ...bOnly]
  const [batchSizes, innerSizes, aSizes] = [batch, inner, aOnly].map(list => sizes(a, list)) as [
    number[],
    number[],
    number[],
  ]
  const bSizes = sizes(b, bOnly)
  const ordered = (term: Labelled, order: readonly string[]) =>
    permute(
      term.value,
      order.map(label => term.labels.indexOf(label)),
    )
  if (inner.length === 0) {
    const rows = reshape(ordered(a, [...batch, ...aOnly]), [...batchSizes, ...aSizes, ...bSizes.map(() => 1)])
    const columns = reshape(ordered(b, [...batch, ...bOnly]), [
      ...batchSizes,
      ...aSizes.map(() => 1),
      ...bSizes,
    ])
    return { value: mul(rows, columns), labels }
  }
  const lead = batch.length === 0 ? [] : [numelOf(batchSizes)]
  const k = numelOf(innerSizes)
  const rows = reshape(ordered(a, [...batch, ...aOnly, ...inner]), [...lead, numelOf(aSizes), k])
  const columns = reshape(ordered(b, [...batch, ...inner, ...bOnly]), [...lead, k, numelOf(bSizes)])
  return { value: reshape(matmul(rows, columns), [...batchSizes, ...aSizes, ...bSizes]), labels }
}

function sizes(term: Labelled, labels: readonly string[]): number[] {
  return labels.map(label => term.value.shape[term.labels.indexOf(label)] as number)
}
