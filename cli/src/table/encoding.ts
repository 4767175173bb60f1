// How columns become numbers. Encodings are stored in run.json, so that predict and explain read another table
// exactly as train read the first.
import { printable } from '../terminal/format.ts'

/** How one column becomes one or more features. */
export type Encoding =
  | {
      readonly kind: 'number'
      readonly column: string
      /** The column is text that holds numbers. */
      readonly fromText: boolean
    }
  | { readonly kind: 'boolean'; readonly column: string }
  | {
      /** Days since the earliest date of the selected rows, which is `since` in seconds since 1970 (UTC). */
      readonly kind: 'date'
      readonly column: string
      readonly since: number
    }
  | { readonly kind: 'seconds'; readonly column: string }
  | {
      /**
       * One-hot: a feature for each of `values`, 1 in the rows that have it. Rows with `reference` are 0 in all of
       * them, so a weight reads "compared with the reference". `other` adds a feature shared by all further values.
       */
      readonly kind: 'category'
      readonly column: string
      readonly reference: string
      readonly values: readonly string[]
      readonly other: boolean
    }

/** How the target becomes a number: itself, or the index of its value among `classes`. */
export type TargetEncoding =
  | { readonly kind: 'number'; readonly column: string; readonly fromText: boolean }
  | { readonly kind: 'classes'; readonly column: string; readonly classes: readonly string[] }

/** One input of the model. */
export interface Feature {
  readonly column: string
  /** The value of a category that this feature stands for. */
  readonly value: string | undefined
  /** What is printed: `ttft_s`, `provider = groq`, `created (days)`. */
  readonly label: string
  /** Whether it is centred and divided by its deviation before it reaches the model; 0/1 features are not. */
  readonly scaled: boolean
}

/** The features that an encoding makes, in order. */
export function featuresOf(encoding: Encoding): Feature[] {
  const { column } = encoding
  switch (encoding.kind) {
    case 'number':
      return [{ column, value: undefined, label: column, scaled: true }]
    case 'boolean':
      return [{ column, value: undefined, label: column, scaled: false }]
    case 'date':
      return [{ column, value: undefined, label: `${column} (days)`, scaled: true }]
    case 'seconds':
      return [{ column, value: undefined, label: `${column} (seconds)`, scaled: true }]
    case 'category': {
      const named = encoding.values.map(value => ({
        column,
        value,
        label: `${column} = ${printable(value)}`,
        scaled: false,
      }))
      const rest = { column, value: undefined, label: `${column} = other`, scaled: false }
      return encoding.other ? [...named, rest] : named
    }
  }
}
