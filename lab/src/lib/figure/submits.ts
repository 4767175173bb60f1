// What a <form> gives, without one: its submit button and Enter in its fields call `act`. As soon as a page is parsed,
// browsers lay out every form in it, to see whether there is something to fill in; a lesson has thirty.
import type { Action } from 'svelte/action'

export const submits: Action<HTMLElement, (event: Event) => void> = (node, act) => {
  function press(event: MouseEvent): void {
    if ((event.target as Element).closest('button[type="submit"]')) act(event)
  }
  function enter(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return
    event.preventDefault()
    act(event)
  }
  node.addEventListener('click', press)
  node.addEventListener('keydown', enter)
  return {
    destroy() {
      node.removeEventListener('click', press)
      node.removeEventListener('keydown', enter)
    },
  }
}
