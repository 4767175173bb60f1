// What a transpiled program is: the agreement between `transpile`, the worker and the build.

/** The global function that a program's script calls, once, with itself. */
export const CELL = '__cell'

export type ProgramBody = (
  require: (name: string) => unknown,
  exports: Record<string, unknown>,
  /** Called first, with a getter for each top-level name. */
  watch: (getters: Readonly<Record<string, () => unknown>>) => void,
  console: Console,
) => Promise<void>
