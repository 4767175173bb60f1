// Writing names and strings into SQL, and reading DuckDB's answers.

/** `name` as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** `text` as an SQL string. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** One row of an answer: numbers of every width arrive as number, text as string, absent values as null. */
export type Row = Readonly<Record<string, number | string | boolean | null>>
