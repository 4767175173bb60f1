// :::predict{#id for=cell-or-figure}: a question, options with reasons, or a number.
import type { BlockContent, List, ListItem, PhrasingContent } from 'mdast'
import type { Compilation, Directive } from '../context.ts'
import { escapeHtml } from '../escape.ts'

interface Option {
  readonly html: string
  readonly right: boolean
  readonly whyHtml: string
}

export function predict(node: Directive, at: Compilation): string {
  const id = at.idOf(node)
  const blocks = node.children as BlockContent[]
  const list = blocks.find((block): block is List => block.type === 'list')
  const questionHtml = at.blocks(blocks.filter(block => block !== list))
  const options = list ? list.children.map(item => option(item, at)) : []
  const numeric = readNumeric(node, at)
  checkPrediction(node, options, numeric !== null, questionHtml, at)
  const props = { id: `predict-${id}`, questionHtml, options, ...(numeric && { numeric }) }
  return at.island({ name: 'predict', props, fallback: plain(questionHtml, options) })
}

/** The predictions of a lesson by what they open: its `for`. */
export function predictionsFor(nodes: readonly Directive[]): ReadonlyMap<string, string> {
  return new Map(
    nodes.flatMap(({ attributes }) =>
      attributes?.for && attributes.id ? [[attributes.for, `predict-${attributes.id}`]] : [],
    ),
  )
}

/** `- [x] the option — why it is right`: cut at the first dash between spaces. */
function option(item: ListItem, at: Compilation): Option {
  const paragraph = item.children[0]
  const parts = paragraph?.type === 'paragraph' ? paragraph.children : []
  const cut = parts.findIndex(part => part.type === 'text' && part.value.includes(' — '))
  const dash = parts[cut]
  if (dash?.type !== 'text') {
    at.fault('an option needs its reason: - [ ] the option — why it is right or wrong', item)
    return { html: at.inline(parts), right: item.checked === true, whyHtml: '' }
  }
  const [before = '', ...after] = dash.value.split(' — ')
  const text = (value: string): PhrasingContent[] => (value === '' ? [] : [{ ...dash, value }])
  return {
    html: at.inline([...parts.slice(0, cut), ...text(before)]),
    right: item.checked === true,
    whyHtml: at.inline([...text(after.join(' — ')), ...parts.slice(cut + 1)]),
  }
}

function readNumeric(node: Directive, at: Compilation) {
  const { answer, tolerance, unit, why } = node.attributes ?? {}
  if (!answer) return null
  const printed = answer.startsWith('out:') ? at.printed(answer.slice(4), node) : Number(answer)
  if (typeof printed !== 'number' || Number.isNaN(printed)) {
    at.fault(`answer="${answer}" is no number`, node)
    return null
  }
  return {
    answer: printed,
    tolerance: Number(tolerance ?? 1e-6),
    ...(unit && { unit }),
    ...(why && { whyHtml: `<p>${escapeHtml(why)}</p>` }),
  }
}

function checkPrediction(
  node: Directive,
  options: readonly Option[],
  numeric: boolean,
  question: string,
  at: Compilation,
): void {
  if (question === '') at.fault('a prediction needs a question before its options', node)
  if (numeric) return
  const right = options.filter(item => item.right).length
  if (options.length < 2) at.fault('a prediction needs two options or more, or answer=', node)
  else if (right !== 1) at.fault(`a prediction has one right option, marked - [x]; this has ${right}`, node)
  const names = options.map(item => item.html)
  if (new Set(names).size < names.length) at.fault('two options of a prediction read the same', node)
}

function plain(question: string, options: readonly Option[]): string {
  return `<div class="plain">${question}<ul>${options.map(item => `<li>${item.html}</li>`).join('')}</ul></div>`
}
