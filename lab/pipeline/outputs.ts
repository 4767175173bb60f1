// The numbers in a lesson's prose come from what its cells print. A line of output is a label and values:
// `rate 1.0  w −1  loss 49`; in a table the label is the first column.

export type Printed = number | boolean

export type Outputs = ReadonlyMap<string, string>

/** Words that may stand between the values of a line. */
const between = new Set(['', 'w', 'loss', '->'])

/** The numbers and truth values of a line, in order, brackets and names of columns left out. */
export function valuesOf(text: string): Printed[] {
  return text
    .replaceAll('−', '-')
    .split(/[\s,[\]()×=:]+/)
    .filter(word => !between.has(word))
    .map(word => (/^(true|false)$/i.test(word) ? word.toLowerCase() === 'true' : Number(word)))
}

export interface Wanted {
  readonly cell: string
  readonly label: string
  readonly index: number
}

/** `cell:label` or `cell:label:index`; `null` when it is neither. */
export function readWanted(text: string): Wanted | null {
  const match = /^\s*([\w-]+)\s*:\s*(.+?)\s*(?::\s*(\d+)\s*)?$/.exec(text)
  if (!match?.[1] || !match[2]) return null
  return { cell: match[1], label: match[2], index: Number(match[3] ?? 0) }
}

/** The value a cell printed, or in words why there is none. */
export function find(wanted: Wanted, outputs: Outputs): Printed | { readonly missing: string } {
  const output = outputs.get(wanted.cell)
  if (output === undefined) {
    return { missing: `there is no cell "${wanted.cell}": the lesson has ${[...outputs.keys()].join(', ')}` }
  }
  const lines = output.split('\n').map(line => line.trim())
  const stated = lines.filter(
    line => line.startsWith(`${wanted.label} `) || line.startsWith(`${wanted.label}:`),
  )
  if (stated.length !== 1) {
    const count = stated.length === 0 ? 'no line' : `${stated.length} lines`
    return {
      missing: `${count} of what "${wanted.cell}" prints begins with "${wanted.label}". It prints:\n${output}`,
    }
  }
  const values = valuesOf((stated[0] ?? '').slice(wanted.label.length))
  const value = values[wanted.index]
  if (value === undefined || Number.isNaN(value)) {
    const listed = values.join(', ') || 'no values'
    return { missing: `"${stated[0]}" has no value ${wanted.index} (counted from 0): ${listed}` }
  }
  return value
}

/** Every number that cells print, for the search for typed ones. */
export function allNumbers(outputs: Outputs): Map<number, string> {
  const numbers = new Map<number, string>()
  for (const [cell, output] of outputs) {
    for (const match of output
      .replaceAll('−', '-')
      .matchAll(/(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.])/g)) {
      const value = Number(match[0])
      if (!numbers.has(value)) numbers.set(value, cell)
    }
  }
  return numbers
}
