// What the parts of a live cell tell each other: plain data, so that it can stand in a page and cross to a worker.

/** One printed line. */
export interface OutputLine {
  readonly text: string
  readonly tone: 'log' | 'error'
}

/** Numbers in row-major order; of many, only the first. */
export interface Numbers {
  readonly shape: readonly number[]
  readonly data: readonly number[]
  /** How many are left out. */
  readonly more: number
}

/** A top-level name of a program and what it held when the program ended. */
export interface NamedValue {
  readonly name: string
  readonly kind: 'number' | 'truth' | 'array' | 'tensor'
  readonly numbers: Numbers
  /** Of a tensor. */
  readonly dtype?: string
  /** Of a tensor that requires a gradient: what stands in its `.grad`. */
  readonly grad?: Numbers | null
}

/** Where a top-level name stands in the source: offsets. */
export interface NameMark {
  readonly start: number
  readonly end: number
  readonly name: string
}

/** Why a program did not end well. */
export interface ProgramError {
  readonly kind: 'syntax' | 'import' | 'thrown' | 'time' | 'lost'
  /** `TypeError: w.mul is not a function`; a sentence where the cell itself refuses. */
  readonly message: string
  /** In the source as the reader sees it, from 1. */
  readonly line: number | null
}

/** What running a cell's program gave: at build, or in the page. */
export interface CellRecord {
  readonly output: readonly OutputLine[]
  readonly values: readonly NamedValue[]
  readonly marks: readonly NameMark[]
  readonly error: ProgramError | null
}

/** The same program in Python. */
export interface PythonTwin {
  readonly file: string
  /** Highlighted; on the server only. */
  readonly html: string
  readonly output: string
  /** What printed the output, where that is recorded: `PyTorch 1.13`. */
  readonly recorded?: string
}

export interface CellProps {
  readonly id: string
  /** The lesson's folder. */
  readonly lesson: string
  readonly file: string
  /** The highlighted source; on the server only. */
  readonly html: string
  readonly output: readonly OutputLine[]
  readonly values: readonly NamedValue[]
  readonly python?: PythonTwin
  /** The id of the prediction that opens the output. */
  readonly waitsFor?: string
}
