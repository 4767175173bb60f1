// The editor of a cell. This module and all of CodeMirror behind it are loaded when a reader first presses Edit.
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { EditorState, StateEffect, StateField } from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { faultField, showFault } from './editor-fault.ts'
import { editorTheme } from './editor-theme.ts'
import type { NameMark, ProgramError } from './types.ts'

export interface CellEditor {
  source(): string
  replace(source: string): void
  showError(error: ProgramError | null): void
  mark(marks: readonly NameMark[], active: string | null): void
  focus(line?: number): void
  destroy(): void
}

export interface EditorOptions {
  readonly source: string
  readonly label: string
  readonly describedBy: string
  readonly onrun: () => void
  readonly onchange: (source: string) => void
  /** The offset of the caret, each time it moves. */
  readonly oncaret: (offset: number) => void
}

const setMarks = StateEffect.define<DecorationSet>()

const marksField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes)
    for (const effect of transaction.effects) if (effect.is(setMarks)) next = effect.value
    return next
  },
  provide: field => EditorView.decorations.from(field),
})

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--code-token-keyword)' },
  { tag: [tags.comment], color: 'var(--code-token-comment)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--code-token-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-token-constant)' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.typeName],
    color: 'var(--code-token-function)',
  },
  { tag: [tags.punctuation, tags.operator, tags.bracket], color: 'var(--code-token-punctuation)' },
])

export function openEditor(parent: HTMLElement, options: EditorOptions): CellEditor {
  const run = (): boolean => {
    options.onrun()
    return true
  }
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.source,
      extensions: [
        keymap.of([
          { key: 'Mod-Enter', run, preventDefault: true },
          ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'),
          ...historyKeymap,
          // Esc lets the next Tab out: CodeMirror's own way, told beside the editor.
          indentWithTab,
        ]),
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        highlightActiveLine(),
        javascript({ typescript: true }),
        syntaxHighlighting(colours),
        marksField,
        faultField,
        editorTheme,
        EditorView.contentAttributes.of({
          'aria-label': options.label,
          'aria-describedby': options.describedBy,
          spellcheck: 'false',
          autocapitalize: 'off',
        }),
        EditorView.updateListener.of(update => {
          if (update.docChanged) options.onchange(update.state.doc.toString())
          if (update.selectionSet) options.oncaret(update.state.selection.main.head)
        }),
      ],
    }),
  })

  return {
    source: () => view.state.doc.toString(),
    replace(source) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: source } })
    },
    showError(error) {
      view.dispatch({ effects: showFault(view.state, error) })
    },
    mark(marks, active) {
      const { length } = view.state.doc
      const known = marks.filter(({ end }) => end <= length)
      const decorations = known.map(({ start, end, name }) =>
        Decoration.mark({
          class: name === active ? 'cell-name on' : 'cell-name',
          attributes: { 'data-name': name },
        }).range(start, end),
      )
      view.dispatch({ effects: setMarks.of(Decoration.set(decorations)) })
    },
    focus(line) {
      view.focus()
      if (line === undefined || line > view.state.doc.lines) return
      const { from } = view.state.doc.line(line)
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true })
    },
    destroy: () => view.destroy(),
  }
}
