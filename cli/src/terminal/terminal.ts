// Where output goes. Commands write through a Terminal, so that tests read what a person would read.
import pc from 'picocolors'

type Colors = ReturnType<typeof pc.createColors>

/** A place to print: results on `out`, errors and warnings on `err`. */
export interface Terminal {
  out(line?: string): void
  err(line?: string): void
  readonly colors: Colors
  /** Whether a person watches: progress bars are drawn only then. */
  readonly interactive: boolean
  /** Columns of text that fit on a line. */
  readonly width: number
}

/** Whether to colour: on a terminal that can, unless NO_COLOR is set; with FORCE_COLOR also into a pipe.
 * (The library's own answer colours every pipe where the variable CI is set, files and pagers included.) */
export function wantsColor(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return isTerminal && env.TERM !== 'dumb'
}

/** The terminal of this process. NO_COLOR, FORCE_COLOR and a pipe are respected. */
export function processTerminal(): Terminal {
  return {
    out: (line = '') => void process.stdout.write(`${line}\n`),
    err: (line = '') => void process.stderr.write(`${line}\n`),
    colors: pc.createColors(wantsColor(process.env, process.stdout.isTTY === true)),
    interactive: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
    // Longer lines are hard to read; a terminal that does not know its width says 0.
    width: Math.min(process.stdout.columns || 100, 120),
  }
}

/** A terminal that remembers: `text()` is all that was printed, without colours. */
export function memoryTerminal(width = 100): Terminal & { text(): string } {
  const lines: string[] = []
  return {
    out: (line = '') => void lines.push(line),
    err: (line = '') => void lines.push(line),
    colors: pc.createColors(false),
    interactive: false,
    width,
    text: () => lines.join('\n'),
  }
}
