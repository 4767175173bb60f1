// An error at its line in the editor: the line is tinted, and below it stands what is wrong.
import { type EditorState, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view'
import type { ProgramError } from './types.ts'

class Message extends WidgetType {
  readonly #text: string

  constructor(text: string) {
    super()
    this.#text = text
  }

  override eq(other: Message): boolean {
    return other.#text === this.#text
  }

  toDOM(): HTMLElement {
    const says = document.createElement('div')
    says.className = 'cm-fault-says'
    says.textContent = this.#text
    return says
  }
}

const setFault = StateEffect.define<DecorationSet>()

export const faultField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(fault, transaction) {
    let next = fault.map(transaction.changes)
    for (const effect of transaction.effects) if (effect.is(setFault)) next = effect.value
    return next
  },
  provide: field => EditorView.decorations.from(field),
})

/** The effect that shows an error at its line; null takes it away. */
export function showFault(state: EditorState, error: ProgramError | null): StateEffect<DecorationSet> {
  if (error === null || error.line === null || error.line > state.doc.lines)
    return setFault.of(Decoration.none)
  const { from, to } = state.doc.line(error.line)
  const widget = Decoration.widget({ widget: new Message(error.message), side: 1, block: true })
  return setFault.of(Decoration.set([Decoration.line({ class: 'cm-fault' }).range(from), widget.range(to)]))
}
