// The trace as aligned text, made to be read in a terminal.
import type { Findings } from './findings.ts'
import { grouped, num, plural, precise } from './notation.ts'
import type { FiniteDifference, Path, TraceRow } from './types.ts'

const INDENT = '  '
/** Least width of the first column, so that short traces look alike. */
const FIRST = 32
/** More distinct factors than this in one row are abridged. */
const LISTED = 4
/** More rows than this are abridged in the middle. */
const ROWS = 32
/** A path of more factors than this leaves out those that are 1, and then those in the middle. */
const FACTORS = 8
/** More elements than this are not listed for a path. */
const PLACES = 8

type Printer = (x: number) => string

export function renderText(findings: Findings): string {
  const { loss, leaf, sum, trace, notes, verdict, reason } = findings
  const head = `d ${loss.name} / d ${leaf.element} = ${num(sum)}`
  const number = verdict === 'cancellation' ? precise : num
  const rows = abridged(
    trace.map(row => cells(row, number)),
    ROWS,
    n => ['...', `${n} more`, '', ''],
  )
  const below = findings.counts === null ? perOp(findings) : pathLines(findings, findings.counts, number)
  const checks = checkLine(findings)
  const body = table([...rows, ...below.map(line => [line])], checks)
  const said = [
    ...(verdict === 'flows' ? [] : [`${verdict}: ${reason}`]),
    ...notes.map(note => `note: ${note}`),
  ]
  return [head, ...body, ...said.map(line => INDENT + line)].join('\n')
}

function cells({ definition, derivative, slope, factors }: TraceRow, number: Printer): string[] {
  const listed = factors.slice(0, LISTED).map(number).join(', ')
  return [definition, derivative, slope, factors.length > LISTED ? `${listed}, ...` : listed]
}

/** Rows in columns; the checks stand in the second column of the last row, or below it where it is too long. */
function table(rows: readonly string[][], checks: string): string[] {
  const full = rows.filter(row => row.length > 1)
  const width = (column: number): number => Math.max(0, ...full.map(row => [...(row[column] ?? '')].length))
  const last = rows[rows.length - 1]?.[0] ?? ''
  const first = Math.max(FIRST, width(0), full.length > 0 && [...last].length <= 48 ? [...last].length : 0)
  const widths = [first + 2, width(1) + 2, width(2) + 4]
  const lines = rows.map(row =>
    row.map((cell, i) => pad(cell, i < row.length - 1 ? (widths[i] as number) : 0)).join(''),
  )
  if (checks !== '') {
    const end = lines.length - 1
    if (
      lines.length > 0 &&
      [...(lines[end] as string)].length <= first &&
      (rows[end] as string[]).length === 1
    )
      lines[end] = pad(lines[end] as string, first + 2) + checks
    else lines.push(pad('', first + 2) + checks)
  }
  return lines.map(line => (INDENT + line).trimEnd())
}

/** Pads by code points: formulas hold letters outside the basic plane. */
function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length))
}

/** The items, those in the middle replaced by one that says how many they are. */
function abridged<T>(items: readonly T[], most: number, gap: (n: number) => T): readonly T[] {
  if (items.length <= most) return items
  const end = Math.floor((most - 1) / 2)
  return [...items.slice(0, most - 1 - end), gap(items.length - most + 1), ...items.slice(-end)]
}

function pathLines(
  { paths, sum, sumAbs }: Findings,
  { all, live }: { readonly all: bigint; readonly live: bigint },
  number: Printer,
): string[] {
  const [only] = paths
  if (only === undefined) return ['0 paths']
  if (all === 1n) return [`1 path: ${productText(only, number)}`]
  const complete = BigInt(paths.length) === all
  const carrying = live === all ? '' : ` (${live === 0n ? 'none' : grouped(live)} without a factor of 0)`
  const shown = complete ? ': ' : `, the ${paths.length === 1 ? 'largest' : `${paths.length} largest`}:`
  const lead = `${plural(all, 'path')}${carrying}${shown}`
  const through = throughs(paths)
  const products = paths.map(path => productText(path, number))
  const width = Math.max(...products.map(text => [...text].length))
  const lines = paths.map((_, i) =>
    through[i] === ''
      ? (products[i] as string)
      : `${pad(products[i] as string, width)}   through ${through[i]}`,
  )
  const inline = complete && lead.length < 14
  const indented = lines.map(
    (line, i) => (inline ? (i === 0 ? lead : ' '.repeat(lead.length)) : INDENT) + line,
  )
  const total = paths.map(({ product }, i) => (i === 0 ? number(product) : signed(product, number))).join(' ')
  const last =
    complete && paths.length <= 8
      ? `${total} = ${num(sum)}`
      : `sum ${num(sum)}, of magnitudes ${num(sumAbs ?? 0)}`
  return [...(inline ? [] : [lead]), ...indented, last]
}

function signed(x: number, number: Printer): string {
  return x < 0 ? `- ${number(-x)}` : `+ ${number(x)}`
}

/** `2 x 1 x 2 = 4`; of a long path only what changes the signal, and of that the ends. */
function productText({ factors, product }: Path, number: Printer): string {
  const write = (parts: readonly string[]): string => `${parts.join(' x ')} = ${number(product)}`
  if (factors.length < 2) return number(product)
  if (factors.length <= FACTORS) return write(factors.map(number))
  const telling = factors.filter(factor => factor !== 1).map(number)
  return write(abridged(telling, FACTORS, () => '...'))
}

/** What tells each path from the others: the elements it passes through, where not all pass through the same. */
function throughs(paths: readonly Path[]): string[] {
  const keys = paths.map(({ nodes }) =>
    nodes.slice(1, -1).map(({ name, index }) => ({
      key: index.length === 0 ? name : `${name}[${index.join(', ')}]`,
      index: String(index),
    })),
  )
  const common = new Set(
    (keys[0] ?? [])
      .map(({ key }) => key)
      .filter(key => keys.every(own => own.some(other => other.key === key))),
  )
  return keys.map(own => {
    const places = own.filter(({ key }) => !common.has(key))
    // Elementwise ops pass through one place after the other: the first stands for all.
    const turns = places.filter(({ index }, i) => i === 0 || index !== places[i - 1]?.index)
    return abridged(
      turns.map(({ key }) => key),
      PLACES,
      () => '...',
    ).join(', ')
  })
}

function perOp({ uses, signals, edgeLimit, leaf }: Findings): string[] {
  const lines = [`more than ${grouped(edgeLimit)} scalar edges, so the answer is per op`]
  lines.push(`${leaf.element} is read by ${plural(uses.length, 'op')}, adding`)
  for (const { op, line, contribution } of uses)
    lines.push(`${INDENT}${num(contribution)}  in ${op}${at(line)}`)
  lines.push('size of d loss / d output, op by op from the loss')
  for (const signal of abridged<Findings['signals'][number] | null>(signals, ROWS, () => null))
    lines.push(
      signal === null ? `${INDENT}...` : `${INDENT}${num(signal.norm)}  ${signal.name}${at(signal.line)}`,
    )
  return lines
}

function at(line: string | null): string {
  return line === null ? '' : ` at ${line}`
}

function checkLine({ backward, finiteDifference }: Findings): string {
  const parts = [`backward ${backward === null ? 'none' : num(backward)}`]
  if (finiteDifference !== null) parts.push(differenceText(finiteDifference))
  return parts.join('     ')
}

function differenceText({ value, bound, kink }: FiniteDifference): string {
  if (kink !== null) return `finite difference ${num(kink[0])} to the left, ${num(kink[1])} to the right`
  return `finite difference ${digitsOf(value, bound)} ± ${Number(bound.toPrecision(1))}`
}

/** Eight digits, 4.0000000, or as many as the bound leaves meaning to, and one. */
function digitsOf(x: number, bound: number): string {
  const size = Math.abs(x)
  if (size === 0) return '0.0000000'
  const known = bound > 0 ? Math.floor(Math.log10(size)) - Math.floor(Math.log10(bound)) + 2 : 8
  const digits = Math.min(8, Math.max(1, known))
  return size >= 1e-4 && size < 10 ** digits ? x.toPrecision(digits) : x.toExponential(digits - 1)
}
