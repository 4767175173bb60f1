// The highlighted source as it stands in the page: which name is under the pointer, which names are lit, which line
// is at fault.
import type { ProgramError } from './types.ts'

/** The name that a node of the source, static or in the editor, stands for. */
export function nameUnder(target: EventTarget | null): string | null {
  const element = target instanceof Element ? target : target instanceof Node ? target.parentElement : null
  return element?.closest<HTMLElement>('[data-name]')?.dataset.name ?? null
}

export function lightNames(code: HTMLElement, active: string | null): void {
  for (const name of code.querySelectorAll<HTMLElement>('[data-name]')) {
    name.classList.toggle('on', name.dataset.name === active)
  }
}

/** Shows an error at its line; null takes it away. */
export function markFault(code: HTMLElement, error: ProgramError | null): void {
  const lines = code.querySelectorAll<HTMLElement>('.line')
  for (const line of lines) {
    line.classList.remove('at-fault')
    delete line.dataset.fault
  }
  if (error === null || error.line === null) return
  const line = lines[error.line - 1]
  line?.classList.add('at-fault')
  if (line !== undefined) line.dataset.fault = error.message
}
