// Where a value that is not finite came from: the first op, and the first element of its result, that made one out of
// finite inputs.
import { isFloat } from '../base/dtype.ts'
import { formatShape, indexOf } from '../base/shape.ts'
import type { Value } from '../core/value.ts'
import { firstNotFinite } from '../tensor/modes.ts'
import { num } from './notation.ts'
import { atLine, type Op, opNameInFull } from './record.ts'
import type { NonFiniteOrigin } from './types.ts'

export interface Blame {
  readonly origin: NonFiniteOrigin
  /** `log at loss.ts:3:9 gave -Infinity for element [2], of 0`. */
  readonly sentence: string
}

type Made = Pick<Op, 'inputs' | 'primitive' | 'region' | 'output' | 'line'>

/** Follows what is not finite from `root` to where it began; null when `root` is finite. */
export function firstBad(
  root: Value,
  madeBy: (value: Value) => Made | null,
  name: (value: Value) => string,
): Blame | null {
  const start = firstNotFinite(root)
  if (start < 0) return null
  // NaN is followed through NaN alone: an infinity beside it (a mask) may be as it should.
  const isBad = root.buffer.some(x => x !== x)
    ? hasNaN
    : (x: Value) => isFloat(x.dtype) && firstNotFinite(x) >= 0
  let value = root
  let op = madeBy(value)
  const seen = new Set<Value>([root])
  for (;;) {
    const next = op?.inputs.find(x => !seen.has(x) && isBad(x))
    if (next === undefined) break
    seen.add(next)
    value = next
    op = madeBy(value)
  }
  const at = isBad === hasNaN ? value.buffer.findIndex(x => x !== x) : firstNotFinite(value)
  const index = indexOf(at, value.shape)
  const bad = value.buffer[at] as number
  const where = value.numel === 1 ? '' : ` for element ${formatShape(index)}`
  if (op === null) {
    return {
      origin: { pass: 'forward', op: 'leaf', line: null, index, value: bad },
      sentence: `${name(value)} holds ${bad}${value.numel === 1 ? '' : ` at ${formatShape(index)}`} from the start`,
    }
  }
  return {
    origin: { pass: 'forward', op: opNameInFull(op), line: op.line, index, value: bad },
    sentence: `${opNameInFull(op)}${atLine(op.line)} gave ${bad}${where}${inputsAt(op, at)}`,
  }
}

const hasNaN = (x: Value): boolean => isFloat(x.dtype) && x.buffer.some(v => v !== v)

/** What an elementwise op read where it went wrong. */
function inputsAt({ inputs, output }: Made, at: number): string {
  const read = inputs.map(x =>
    x.numel === output.numel ? x.buffer[at] : x.numel === 1 ? x.buffer[0] : undefined,
  )
  if (read.length === 0 || read.some(x => x === undefined)) return ''
  const text = read.map(x => num(x as number))
  return read.length === 1
    ? `, of ${text[0]}`
    : `, of ${text.slice(0, -1).join(', ')} and ${text[text.length - 1]}`
}
