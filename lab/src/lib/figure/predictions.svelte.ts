// Which predictions the reader committed to on this page. Figures and cells that wait for one look here.
import { SvelteSet } from 'svelte/reactivity'

const answered = new SvelteSet<string>()

export interface Predicted {
  readonly id: string
  readonly right: boolean
}

export function predicted(id: string): boolean {
  return answered.has(id)
}

/** Records it, and tells the page: `document` gets a `chainrule:predicted` event. */
export function recordPrediction(id: string, right: boolean): void {
  answered.add(id)
  document.dispatchEvent(new CustomEvent<Predicted>('chainrule:predicted', { detail: { id, right } }))
}
