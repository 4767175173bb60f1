// The editor in the colours of the page, so that opening it changes nothing but the caret.
import { EditorView } from '@codemirror/view'

export const editorTheme = EditorView.theme({
  '&': { color: 'var(--code-foreground)', backgroundColor: 'transparent', fontSize: 'inherit' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: 'inherit', overflow: 'auto' },
  '.cm-content': { padding: 'var(--s3) 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 var(--s4) 0 var(--s3)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--ink-soft)', border: '0' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '2.4rem', padding: '0' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in oklab, var(--accent-wash) 55%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--q-value-wash) !important',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--q-value-wash)' },
  '.cm-fault': { backgroundColor: 'var(--wrong-wash)' },
  '.cm-fault-says': {
    padding: '0 var(--s4) var(--s1) var(--s3)',
    backgroundColor: 'var(--wrong-wash)',
    color: 'var(--wrong)',
    fontFamily: 'var(--sans)',
    whiteSpace: 'normal',
    // The code may be wider than the cell; its message must not be.
    position: 'sticky',
    left: '2.4rem',
    width: 'calc(100cqi - 2.4rem)',
    boxSizing: 'border-box',
  },
})
