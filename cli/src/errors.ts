// What a person did that cannot work: a message, and lines that say what to do instead. main.ts prints it
// without a stack and leaves with `exitCode`; any other error is a fault of the program and keeps its stack.

/** 128 + 2: what a shell reports for a program that an interrupt ended. */
export const INTERRUPTED = 130

/** An error that the reader can mend. `hints` are printed below the message, one a line. */
export class UserError extends Error {
  readonly hints: readonly string[]
  readonly exitCode: number

  constructor(message: string, hints: readonly string[] = [], exitCode = 1) {
    super(message)
    this.name = 'UserError'
    this.hints = hints
    this.exitCode = exitCode
  }

  /** The message and its hints as they are printed. */
  get report(): string {
    return [this.message, ...this.hints.map(hint => indent(hint))].join('\n')
  }
}

function indent(text: string): string {
  return text
    .split('\n')
    .map(line => `  ${line}`)
    .join('\n')
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Whether the operating system refused a write for want of room (disk full, quota, size limit of a file). */
export function isOutOfSpace(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG'
}
