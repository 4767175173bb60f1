// The shown paths as a Mermaid flowchart: values from the leaf to the loss, local derivatives on the arrows.
import type { Findings } from './findings.ts'
import { num } from './notation.ts'

export function renderMermaid({ drawing, leaf, loss, reason }: Findings): string {
  const { nodes, edges } = drawing
  const lines = ['flowchart LR']
  if (nodes.length === 0) {
    lines.push(`  n0(["${quoted(leaf.element)} = ${num(leaf.value)}"])`)
    lines.push(`  n1["${quoted(loss.name)} = ${num(loss.value)}"]`)
    lines.push(`  n0 -.-x|"${quoted(reason)}"| n1`)
  }
  for (const [i, node] of nodes.entries()) {
    const [open, close] = i === 0 ? ['(["', '"])'] : ['["', '"]']
    lines.push(`  n${i}${open}${quoted(node.name)} = ${num(node.value)}${close}`)
  }
  for (const { from, to, factor } of edges)
    lines.push(`  n${from} ${factor === 0 ? '-.->' : '-->'}|"× ${num(factor)}"| n${to}`)
  return `${lines.join('\n')}\n`
}

/** Mermaid reads #code; inside quotes. */
function quoted(text: string): string {
  return text.replace(/["#;<>&]/g, c => `#${c.codePointAt(0)};`)
}
