// What is wrong with a lesson, where, and what to do. A lesson is read to its end, so that all faults are told at once.

export interface Fault {
  /** Relative to the lesson's folder. */
  readonly file: string
  readonly line?: number
  readonly message: string
}

export class Faults {
  readonly list: Fault[] = []

  add(file: string, message: string, line?: number): void {
    this.list.push({ file, message, ...(line !== undefined && { line }) })
  }
}

export function describeFault({ file, line, message }: Fault): string {
  return `${file}${line === undefined ? '' : `:${line}`}  ${message}`
}
