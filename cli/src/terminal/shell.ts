// Words of a command that a person can paste into a shell, whatever the names of files and columns hold.

/** A name as one word: bare where it can stand so, otherwise in single quotes. */
export function shellWord(word: string): string {
  return /^[\w./,=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** A condition in double quotes, which leave the single ones of SQL readable. */
export function shellCondition(sql: string): string {
  return `"${sql.replaceAll(/(["$`\\])/g, '\\$1')}"`
}
