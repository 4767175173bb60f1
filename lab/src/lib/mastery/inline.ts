// The little Markdown that questions, hints and sketches are written in: paragraphs, fenced code, `code`, **strong**,
// *em*, and :value[6] for quantities. It becomes data, never HTML, so that no text can bring markup of its own.

export type Inline =
  | { readonly kind: 'text' | 'code' | 'strong' | 'em'; readonly text: string }
  | { readonly kind: 'quantity'; readonly quantity: Quantity; readonly text: string }

export type Quantity = 'value' | 'error' | 'gradient' | 'param'

export type Block =
  | { readonly kind: 'paragraph'; readonly parts: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }

const MARK =
  /`([^`]+)`|\*\*([^*]+)\*\*|(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])|:(value|error|gradient|param)\[([^\]]*)\]/g

export function inline(text: string): Inline[] {
  const parts: Inline[] = []
  let from = 0
  const plain = (to: number) => {
    if (to > from) parts.push({ kind: 'text', text: text.slice(from, to) })
  }
  for (const match of text.matchAll(MARK)) {
    const [whole, code, strong, em, quantity, inner] = match
    plain(match.index)
    if (code !== undefined) parts.push({ kind: 'code', text: code })
    else if (strong !== undefined) parts.push({ kind: 'strong', text: strong })
    else if (em !== undefined) parts.push({ kind: 'em', text: em })
    else parts.push({ kind: 'quantity', quantity: quantity as Quantity, text: inner ?? '' })
    from = match.index + whole.length
  }
  plain(text.length)
  return parts
}

export function blocks(text: string): Block[] {
  return text.split(/^```.*\n([\s\S]*?)^```\s*$/m).flatMap((piece, i): Block[] =>
    i % 2 === 1
      ? [{ kind: 'code', text: piece.trimEnd() }]
      : piece
          .split(/\n\s*\n/)
          .filter(paragraph => paragraph.trim() !== '')
          .map(paragraph => ({
            kind: 'paragraph',
            parts: inline(paragraph.trim().replace(/\s*\n\s*/g, ' ')),
          })),
  )
}
