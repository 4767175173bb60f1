// Aligned tables in plain text: words to the left, numbers to the right, two spaces between columns. Names and values
// of a person's table stand in both tables and folded text: what would break a line or steer the terminal is escaped.
import { printable } from './format.ts'

export type Align = 'left' | 'right'

/** How a table is drawn. */
export interface TableOptions {
  readonly align?: readonly Align[]
  readonly indent?: number
  /** Longer cells of the last column are folded to this width of the whole line. */
  readonly width?: number
  /** Applied to the header line, for instance to dim it. */
  readonly header?: (text: string) => string
}

/** Lines of a table whose columns are aligned. An empty `header` is not printed. */
export function alignColumns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): string[] {
  const all = (header.length > 0 ? [header, ...rows] : rows).map(row => row.map(printable))
  const count = Math.max(0, ...all.map(row => row.length))
  const widths = Array.from({ length: count }, (_, k) =>
    Math.max(0, ...all.map(row => lengthOf(row[k] ?? ''))),
  )
  const margin = ' '.repeat(options.indent ?? 2)
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, margin.length)
  const lines: string[] = []
  for (const [index, row] of all.entries()) {
    const cells = widths.map((width, k) => pad(row[k] ?? '', width, options.align?.[k] ?? 'left'))
    const last = row[count - 1] ?? ''
    const room = (options.width ?? Number.POSITIVE_INFINITY) - before
    if (room >= 24 && lengthOf(last) > room && options.align?.[count - 1] !== 'right') {
      const [first = '', ...rest] = fold(last, room)
      lines.push((margin + [...cells.slice(0, -1), first].join('  ')).trimEnd())
      for (const line of rest) lines.push(' '.repeat(before) + line)
      continue
    }
    const line = (margin + cells.join('  ')).trimEnd()
    lines.push(index === 0 && header.length > 0 && options.header ? options.header(line) : line)
  }
  return lines
}

/** Breaks text at spaces so that no line is longer than `width`, if a word allows. */
export function fold(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of printable(text).split(' ')) {
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  if (line !== '') lines.push(line)
  return lines
}

function pad(text: string, width: number, align: Align): string {
  const space = ' '.repeat(Math.max(0, width - lengthOf(text)))
  return align === 'right' ? space + text : text + space
}

/** Characters, where `length` would count some twice. */
function lengthOf(text: string): number {
  return [...text].length
}
