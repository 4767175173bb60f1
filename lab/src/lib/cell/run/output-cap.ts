// A program may print without end; a page may not grow without end.
import type { OutputLine } from '../types.ts'

export interface Limits {
  readonly lines: number
  readonly characters: number
}

export const outputLimits: Limits = { lines: 300, characters: 30_000 }

export class OutputCap {
  #lines = 0
  #characters = 0
  #dropped = 0
  readonly #limits: Limits

  constructor(limits: Limits = outputLimits) {
    this.#limits = limits
  }

  /** How many lines were not let through. */
  get dropped(): number {
    return this.#dropped
  }

  /** The lines of a printed text that there is still room for. */
  admit(text: string, tone: OutputLine['tone']): OutputLine[] {
    const admitted: OutputLine[] = []
    for (const line of text.split('\n')) {
      const isFull =
        this.#lines >= this.#limits.lines || this.#characters + line.length > this.#limits.characters
      // Once something is missing, nothing after it is shown: a gap in the middle would mislead.
      if (isFull || this.#dropped > 0) {
        this.#dropped++
        continue
      }
      this.#lines++
      this.#characters += line.length
      admitted.push({ text: line, tone })
    }
    return admitted
  }
}
