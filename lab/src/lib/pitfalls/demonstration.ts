// What a pitfall's button shows: numbers from the running model, and what the engine's tools say of them.
import type { Quantity } from '../figure/quantities.ts'

export interface Column {
  readonly label: string
  readonly quantity?: Quantity
}

export interface DataTable {
  readonly caption: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
}

export interface ToolReport {
  /** The call as one would write it. */
  readonly call: string
  /** What it printed. */
  readonly printed: string
  /** What that says, in a sentence. */
  readonly reading: string
}

export interface Demonstration {
  readonly tables: readonly DataTable[]
  readonly reports: readonly ToolReport[]
  /** What to take away. */
  readonly conclusion: string
}

/** What a tool printed, without the places in the site's own bundled code that nobody can open. */
export const printed = (report: { toString(): string }): string =>
  String(report).replace(/ at (?:\S+:\d+:\d+|<anonymous>)/g, '')
