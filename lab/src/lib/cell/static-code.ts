// The highlighted source as it stands in the page: which name is under the pointer, which names are lit.

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
