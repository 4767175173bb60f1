// How tensors and numbers read when printed: the layout rules of PyTorch 1.13 (torch/_tensor_str.py, with its
// default print options), and after the numbers what they are and what made them. Pure: works on plain arrays.

// PyTorch's default print options.
const PRECISION = 4
const THRESHOLD = 1000
const EDGE_ITEMS = 3
const LINE_WIDTH = 80

const PREFIX = 'tensor('

interface NumberFormat {
  readonly width: number
  readonly text: (value: number) => string
}

/** What `formatTensor` adds after the numbers. `madeBy` is the name of the op; it implies that a gradient flows. */
export interface FormatOptions {
  readonly requiresGrad?: boolean | undefined
  readonly madeBy?: string | undefined
}

/**
 * Prints a tensor as PyTorch does, in aligned columns with four decimals (or as whole numbers, or with exponents
 * when the magnitudes span more than 1000), abridged to three items at each end above 1000 elements. Then come the
 * shape, the dtype unless it is float32 or evident, and `madeBy=mul` or `requiresGrad=true`:
 *
 *     tensor([[1.0000, 0.5000],
 *             [2.0000, 1.0000]], shape=[2, 2], requiresGrad=true)
 *
 * `data` holds the elements in row-major order; bool elements are 0 or another number.
 * @throws RangeError when `data` does not hold as many elements as `shape` says.
 */
export function formatTensor(
  data: ArrayLike<number>,
  shape: readonly number[],
  dtype: 'float32' | 'float64' | 'int32' | 'bool',
  options: FormatOptions = {},
): string {
  const numel = shape.reduce((product, size) => product * size, 1)
  if (data.length !== numel) {
    throw new RangeError(
      `formatTensor: shape [${shape.join(', ')}] has ${numel} elements, but the data has ${data.length}. ` +
        'Pass exactly the elements of the tensor.',
    )
  }
  const suffixes: string[] = []
  if (shape.length > 0) suffixes.push(`shape=[${shape.join(', ')}]`)
  // True and False show that they are bool, but an empty tensor has none to show it.
  if (dtype !== 'float32' && (dtype !== 'bool' || numel === 0)) suffixes.push(`dtype=${dtype}`)
  if (options.madeBy !== undefined) suffixes.push(`madeBy=${options.madeBy}`)
  else if (options.requiresGrad) suffixes.push('requiresGrad=true')
  return addSuffixes(PREFIX + formatBody(data, shape, numel, dtype), suffixes)
}

/**
 * A number for messages and tables: six significant digits, without trailing zeros; an exponent from a million up
 * and below a millionth (`0.1 + 0.2` is `0.3`, `1234567` is `1.23457e+6`). Not finite: `nan`, `inf`, `-inf`.
 */
export function formatNumber(x: number): string {
  if (!Number.isFinite(x)) return nonFinite(x)
  if (Object.is(x, -0)) return '-0'
  const [digits, exponent] = x.toPrecision(6).split('e')
  const short = digits!.includes('.') ? digits!.replace(/\.?0+$/, '') : digits!
  return exponent === undefined ? short : `${short}e${exponent}`
}

function formatBody(data: ArrayLike<number>, shape: readonly number[], numel: number, dtype: string): string {
  if (numel === 0) return '[]'
  const abridged = numel > THRESHOLD
  const shown = shownValues(data, shape, abridged)
  const format = dtype === 'bool' || dtype === 'int32' ? plainFormat(shown, dtype) : floatFormat(shown)
  return formatBlock(data, shape, 0, 0, PREFIX.length, abridged, format)
}

/** The text of the sub-tensor below dimension `dim` whose first element is `data[offset]`. */
function formatBlock(
  data: ArrayLike<number>,
  shape: readonly number[],
  dim: number,
  offset: number,
  indent: number,
  abridged: boolean,
  format: NumberFormat,
): string {
  const print = (value: number): string => format.text(value).padStart(format.width)
  if (shape.length === 0) return print(data[offset]!)
  const size = shape[dim]!
  const rest = shape.length - dim - 1
  const indices = shownIndices(size, abridged)
  if (rest === 0) {
    const items = indices.map(i => (i < 0 ? ' ...' : print(data[offset + i]!)))
    const perLine = Math.max(1, Math.floor((LINE_WIDTH - indent) / (format.width + 2)))
    const lines: string[] = []
    for (let i = 0; i < items.length; i += perLine) lines.push(items.slice(i, i + perLine).join(', '))
    return `[${lines.join(`,\n${' '.repeat(indent + 1)}`)}]`
  }
  const stride = shape.slice(dim + 1).reduce((product, n) => product * n, 1)
  const blocks = indices.map(i =>
    i < 0 ? '...' : formatBlock(data, shape, dim + 1, offset + i * stride, indent + 1, abridged, format),
  )
  return `[${blocks.join(`,${'\n'.repeat(rest)}${' '.repeat(indent + 1)}`)}]`
}

/** The indices to print along a dimension; -1 stands for the dots. */
function shownIndices(size: number, abridged: boolean): number[] {
  if (!abridged || size <= 2 * EDGE_ITEMS) return Array.from({ length: size }, (_, i) => i)
  return [0, 1, 2, -1, size - 3, size - 2, size - 1]
}

/** The values that will be printed: only these decide width and notation. */
function shownValues(data: ArrayLike<number>, shape: readonly number[], abridged: boolean): number[] {
  if (!abridged) return Array.from(data)
  let offsets = [0]
  for (const size of shape) {
    const indices = shownIndices(size, true).filter(i => i >= 0)
    offsets = offsets.flatMap(offset => indices.map(i => offset * size + i))
  }
  return offsets.map(offset => data[offset]!)
}

function plainFormat(shown: readonly number[], dtype: string): NumberFormat {
  const text = dtype === 'bool' ? (value: number) => (value ? 'True' : 'False') : String
  return { width: widest(shown, text), text }
}

/** Whole numbers, four decimals or exponents. Zeros and non-finite values do not count, not even for the width. */
function floatFormat(shown: readonly number[]): NumberFormat {
  const counted = shown.filter(value => Number.isFinite(value) && value !== 0)
  let smallest = Number.POSITIVE_INFINITY
  let largest = 0
  for (const value of counted) {
    smallest = Math.min(smallest, Math.abs(value))
    largest = Math.max(largest, Math.abs(value))
  }
  const whole = counted.every(Number.isInteger)
  const exponents =
    counted.length > 0 && (largest / smallest > 1000 || largest > 1e8 || (!whole && smallest < 1e-4))
  const text = floatText(exponents ? scientific : whole ? value => `${value.toFixed(0)}.` : fixed)
  return { width: widest(counted, text), text }
}

/** Adds to a formatter of positive numbers the sign, that of -0 included, and what is not finite. */
function floatText(positive: (magnitude: number) => string): (value: number) => string {
  return value => {
    if (!Number.isFinite(value)) return nonFinite(value)
    return value < 0 || Object.is(value, -0) ? `-${positive(-value)}` : positive(value)
  }
}

// Python, and so PyTorch, rounds exact ties to the even digit (0.03125 is 0.0312); JavaScript's toFixed and
// toExponential round them up. Both formatters below take the tie, recognised by one more digit, downwards when
// the last kept digit is even.

function fixed(magnitude: number): string {
  const longer = magnitude.toFixed(PRECISION + 1)
  // Exact ties at the fifth decimal are odd multiples of 1/32, the only binary fractions that end there in a 5.
  const tie = longer.endsWith('5') && Number.isInteger(magnitude * 2 ** (PRECISION + 1))
  return tie && isEven(longer.at(-2)!) ? longer.slice(0, -1) : magnitude.toFixed(PRECISION)
}

function scientific(magnitude: number): string {
  const longer = magnitude.toExponential(PRECISION + 1)
  const digits = longer.slice(0, PRECISION + 3)
  const tie =
    digits.endsWith('5') &&
    Number(longer) === magnitude &&
    // 100 digits settle it: no double comes so near to a decimal of six digits without being equal to it.
    /^\d\.\d{5}0*e/.test(magnitude.toExponential(100))
  const down = tie && isEven(digits.at(-2)!)
  const text = down ? digits.slice(0, -1) + longer.slice(digits.length) : magnitude.toExponential(PRECISION)
  // Python gives an exponent two digits at least.
  return text.replace(/([+-])(\d)$/, '$10$2')
}

function isEven(digit: string): boolean {
  return Number(digit) % 2 === 0
}

function nonFinite(value: number): string {
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
}

function widest(values: readonly number[], text: (value: number) => string): number {
  return values.reduce((width, value) => Math.max(width, text(value).length), 1)
}

/** Appends suffixes, starting a line before one that would pass the line's width. */
function addSuffixes(text: string, suffixes: readonly string[]): string {
  let result = text
  // PyTorch counts two more than the last line has: kept, so that lines break where PyTorch breaks them.
  let length = text.length - text.lastIndexOf('\n') + 1
  for (const suffix of suffixes) {
    if (length + suffix.length + 2 > LINE_WIDTH) {
      result += `,\n${' '.repeat(PREFIX.length)}${suffix}`
      length = PREFIX.length + suffix.length
    } else {
      result += `, ${suffix}`
      length += suffix.length + 2
    }
  }
  return `${result})`
}
