// A pasted table, brought into numbers. Nothing is guessed in silence: what was left out, and why, is said in sentences.
import { dsvFormat } from 'd3-dsv'
import { type DataSet, type Example, limits, type Task } from './spec.ts'

export interface Table {
  readonly columns: readonly string[]
  /** Cells as text, one array per data row, each as long as `columns`. */
  readonly rows: readonly (readonly string[])[]
  readonly notes: readonly string[]
}

/** Longest text looked at: about four megabytes. */
const longest = 4_000_000

const decimalComma = /^\s*[+−-]?\d+,\d+(e[+-]?\d+)?\s*$/i

/** The text as rows and named columns, or a sentence that says why it is none. */
export function readTable(text: string): Table | { readonly problem: string } {
  if (text.length > longest)
    return {
      problem: `The text has ${text.length.toLocaleString('en')} characters; ${longest.toLocaleString('en')} is the limit here. Paste some of its rows.`,
    }
  const clean = text.replace(/^\uFEFF/, '').trim()
  if (clean === '')
    return {
      problem: 'There is nothing here yet. Paste rows of numbers with a line of column names above them.',
    }
  if (clean.includes('\0'))
    return { problem: 'This is not text: it holds zero bytes. A CSV file is plain text.' }
  const delimiter = likelyDelimiter(clean)
  const open = unclosedQuote(clean, delimiter)
  if (open !== null) {
    const above = /^\s*/.exec(text)![0].split('\n').length - 1
    return {
      problem: `A quotation mark opens on line ${above + open} and is never closed, so all that follows would be one cell. Close it, or take it out.`,
    }
  }
  const parsed = dsvFormat(delimiter).parseRows(clean)
  // A spreadsheet that separates cells with semicolons does so because its numbers have commas.
  const commas = delimiter === ';' && parsed.some(row => row.some(cell => decimalComma.test(cell)))
  const lines = commas
    ? parsed.map(row => row.map(cell => (decimalComma.test(cell) ? cell.replace(',', '.') : cell)))
    : parsed
  const first = lines[0] as string[]
  const named = first.some(cell => cell.trim() !== '' && numberIn(cell) === null)
  const columns = first.map((cell, c) => (named && cell.trim() !== '' ? cell.trim() : `column ${c + 1}`))
  const notes: string[] = []
  if (commas) notes.push('Cells are separated by semicolons, so 1,5 is read as 1.5.')
  if (!named) notes.push('The first line holds numbers only, so the columns are numbered.')
  const body = named ? lines.slice(1) : lines
  const whole = body.filter(row => row.some(cell => cell.trim() !== ''))
  const ragged = whole.filter(row => row.length !== columns.length)
  if (ragged.length > 0) {
    const at = body.indexOf(ragged[0] as string[]) + (named ? 2 : 1)
    notes.push(
      `${counted(ragged.length, 'row')} left out: not ${columns.length} cells (first on line ${at}).`,
    )
  }
  const rows = whole.filter(row => row.length === columns.length)
  if (rows.length === 0) return { problem: 'There are column names but no rows under them.' }
  return { columns: distinct(columns), rows, notes }
}

/** Columns that hold mostly numbers, as positions. */
export function numericColumns({ columns, rows }: Table): number[] {
  return columns
    .map((_, c) => c)
    .filter(c => {
      const numbers = rows.filter(row => numberIn(row[c] as string) !== null).length
      return numbers * 2 > rows.length
    })
}

/** The task a target column suggests: two distinct values, 0 and 1, are classes. */
export function taskFor(table: Table, target: number): Task {
  const values = new Set(table.rows.map(row => numberIn(row[target] as string)))
  values.delete(null)
  return values.size === 2 && values.has(0) && values.has(1) ? 'classification' : 'regression'
}

/** The chosen columns as a data set, with sentences on what was left out. */
export function toDataSet(
  table: Table,
  inputs: readonly number[],
  target: number,
): { readonly data: DataSet; readonly notes: readonly string[] } {
  const notes = [...table.notes]
  const used = inputs.slice(0, limits.inputs)
  if (inputs.length > used.length)
    notes.push(
      `Only the first ${limits.inputs} input columns are used; the network drawn here takes no more.`,
    )
  const complete: Example[] = []
  let gaps = 0
  for (const row of table.rows) {
    const numbers = used.map(c => numberIn(row[c] as string))
    const answer = numberIn(row[target] as string)
    if (answer === null || numbers.includes(null)) gaps++
    else complete.push({ inputs: numbers as number[], target: answer })
  }
  if (gaps > 0)
    notes.push(
      `${counted(gaps, 'row')} left out: a cell of a chosen column is empty, text or no number up to 10⁹.`,
    )
  let examples = complete
  if (complete.length > limits.examples) {
    // Evenly spread over the table: a table is often sorted.
    examples = Array.from(
      { length: limits.examples },
      (_, i) => complete[Math.floor((i * complete.length) / limits.examples)]!,
    )
    notes.push(
      `${limits.examples} of ${complete.length.toLocaleString('en')} rows are used, evenly spread. For all of them: npx chainrule train.`,
    )
  }
  const task = taskFor(table, target)
  const data: DataSet = {
    name: 'pasted',
    task,
    columns: used.map(c => (table.columns[c] as string).slice(0, limits.nameLength)),
    target: (table.columns[target] as string).slice(0, limits.nameLength),
    examples,
    standardise: true,
  }
  return { data, notes }
}

/** A finite number of sane size in `cell`, or null. `1,5` is not a number here: see `readTable`. */
export function numberIn(cell: string): number | null {
  const text = cell.trim().replace('−', '-')
  if (text === '' || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return null
  const x = Number(text)
  return Math.abs(x) <= limits.magnitude ? x : null
}

/** The line, from 1, of a quotation mark that opens a cell and is never closed. */
function unclosedQuote(text: string, delimiter: string): number | null {
  let line = 1
  let opened: number | null = null
  let startsCell = true
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '\n') line++
    if (opened !== null) {
      if (c !== '"') continue
      // Two of them are one that belongs to the cell.
      if (text[i + 1] === '"') i++
      else opened = null
    } else if (c === '"' && startsCell) opened = line
    startsCell = opened === null && (c === delimiter || c === '\n' || c === '\r')
  }
  return opened
}

function likelyDelimiter(text: string): string {
  const first = text.slice(0, (text.indexOf('\n') + 1 || text.length + 1) - 1)
  const counts = ['\t', ';', ',', '|'].map(d => [d, first.split(d).length] as const)
  return counts.reduce((best, next) => (next[1] > best[1] ? next : best))[0]
}

/** Names made distinct, so that a choice of column means one. */
function distinct(names: readonly string[]): string[] {
  const all = new Set(names)
  const used = new Set<string>()
  return names.map(name => {
    let own = name
    for (let n = 2; used.has(own) || (own !== name && all.has(own)); n++) own = `${name} (${n})`
    used.add(own)
    return own
  })
}

function counted(n: number, noun: string): string {
  return n === 1 ? `1 ${noun} is` : `${n.toLocaleString('en')} ${noun}s are`
}
