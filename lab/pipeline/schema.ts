// What the files of a lesson hold. The shapes of quiz.yaml, practice.yaml and pitfalls.yaml are the concern of the
// components that show them; here stands what the page itself reads.
import * as v from 'valibot'
import type { Faults } from './fault.ts'

const text = v.pipe(v.string(), v.trim(), v.nonEmpty('is empty'))
const id = v.pipe(text, v.regex(/^[a-z0-9][a-z0-9-]*$/, 'is no id: use lower case, digits and hyphens'))

export const cellSchema = v.strictObject({
  id,
  /** From the lesson's folder, or from the repository's root. */
  source: text,
  python: v.optional(text),
  /** A file with what the Python program printed; its first line names what ran it. */
  recorded: v.optional(text),
})

export const metaSchema = v.strictObject({
  title: text,
  summary: text,
  section: text,
  topic: text,
  difficulty: v.picklist(['Easy', 'Medium', 'Hard']),
  badgeTopic: text,
  minutes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Numbers that the story gives, which may be typed although a cell prints them, too. */
  givens: v.optional(v.array(v.number()), []),
  cells: v.optional(v.array(cellSchema), []),
  'next-teaser': v.optional(text),
})

export const referenceSchema = v.strictObject({
  id,
  authors: v.pipe(v.array(text), v.minLength(1)),
  title: text,
  venue: text,
  year: v.optional(v.number()),
  url: v.pipe(text, v.url('is no address')),
  doi: v.optional(text),
  supports: v.optional(text),
})

export const termSchema = v.strictObject({
  id,
  term: text,
  says: text,
  lesson: v.optional(text),
  see: v.optional(v.array(id), []),
})

export type LessonMeta = v.InferOutput<typeof metaSchema>
export type CellMeta = v.InferOutput<typeof cellSchema>
export type Reference = v.InferOutput<typeof referenceSchema>
export type Term = v.InferOutput<typeof termSchema>

/** `value` as `schema` has it; `null`, with a fault for each thing wrong, when it does not fit. */
export function checked<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  file: string,
  faults: Faults,
): v.InferOutput<S> | null {
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  for (const issue of result.issues) {
    const path = v.getDotPath(issue) ?? ''
    const what = issue.type === 'strict_object' ? oddKey(issue) : issue.message
    faults.add(file, `${path || 'the file'}: ${what}`)
  }
  return null
}

function oddKey(issue: v.BaseIssue<unknown>): string {
  return issue.expected === 'never' ? 'is not a key that belongs here' : `is missing (${issue.expected})`
}
