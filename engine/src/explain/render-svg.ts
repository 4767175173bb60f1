// The shown paths as a picture: values in layers from the leaf to the loss, local derivatives on the edges, edges as wide
// as the path is strong. Drawn in currentColor, so that it takes the colours of the page, light or dark; the one accent
// can be set with the CSS variable --chainrule-accent.
import type { DrawnEdge, DrawnNode } from './drawing.ts'
import type { Findings } from './findings.ts'
import { grouped, num, plural } from './notation.ts'
import type { Path } from './types.ts'

const NODE_HEIGHT = 46
const ROW_GAP = 30
const LAYER_GAP = 104
const MARGIN = 20
const TITLE = 54
const FOOT = 34
const CHAR = 7.4
const FONT = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"

/** An edge that knows how many share its ends. */
interface PlacedEdge extends DrawnEdge {
  readonly fanOut: number
  readonly fanIn: number
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
}

export function renderSVG(findings: Findings): string {
  const { loss, leaf, sum, paths, reason, verdict } = findings
  const drawing = findings.drawing.nodes.length > 0 ? findings.drawing : ends(findings)
  const { nodes } = drawing
  const edges = drawing.edges.map(edge => ({
    ...edge,
    fanOut: new Set(drawing.edges.filter(({ from }) => from === edge.from).map(({ to }) => to)).size,
    fanIn: new Set(drawing.edges.filter(({ to }) => to === edge.to).map(({ from }) => from)).size,
  }))
  const boxes = placeBoxes(nodes, edges)
  const title = `d ${loss.name} / d ${leaf.element} = ${num(sum)}`
  const foot = verdict === 'flows' ? countLine(findings) : `${verdict}: ${reason}`
  const right = Math.max(...boxes.map(box => box.x + box.width))
  const width = Math.ceil(Math.max(right + MARGIN, MARGIN * 2 + title.length * 9.2, 440))
  const footLines = wrap(foot, Math.floor((width - 2 * MARGIN) / 6.8))
  const bottom = Math.max(...boxes.map(box => box.y + NODE_HEIGHT))
  const height = Math.ceil(bottom + FOOT + footLines.length * 17 - 4)
  const describe = paths
    .map(path => `${path.nodes.map(node => node.name).join(' ← ')}: ${productOf(path)}`)
    .join('. ')
  const id = `chainrule-${hashOf(title + describe)}`
  const shift = Math.max(0, (width - (right + MARGIN)) / 2)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="${FONT}" fill="currentColor" style="${width <= 1400 ? 'max-width:100%;height:auto' : ''}">`,
    `<title>${quoted(title)}</title>`,
    `<desc>${quoted(`${verdict}: ${reason}. ${describe}`)}</desc>`,
    `<text x="${MARGIN}" y="30" font-size="15" font-weight="600">${quoted(title)}</text>`,
    ...labelMask(id, edges, boxes, width, height),
    `<g transform="translate(${round(shift)} 0)">`,
    `<g mask="url(#${id})">`,
    ...edges.map(edge => edgePath(edge, boxes)),
    '</g>',
    ...(edges.length === 0 && boxes.length === 2 ? [gapBetween(boxes as [Box, Box], findings)] : []),
    ...nodes.map((node, i) => nodeBox(node, boxes[i] as Box, i === 0 || i === lossIndex(nodes))),
    ...edges.map(edge => edgeLabel(edge, boxes)),
    '</g>',
    ...footLines.map(
      (line, i) =>
        `<text x="${MARGIN}" y="${round(bottom + FOOT - 2 + i * 17)}" font-size="11.5" fill-opacity="0.72">${quoted(line)}</text>`,
    ),
    '</svg>',
  ].join('\n')
}

/** Without a path: the two ends, apart. */
function ends({ leaf, loss }: Findings): { nodes: DrawnNode[]; edges: DrawnEdge[] } {
  return {
    nodes: [
      { name: leaf.element, op: 'leaf', value: leaf.value, layer: 0, row: 0 },
      { name: loss.name, op: 'loss', value: loss.value, layer: 1, row: 0 },
    ],
    edges: [],
  }
}

/** Between ends that no path joins: a broken line, and what broke it. */
function gapBetween([a, b]: [Box, Box], { verdict, counts, cuts }: Findings): string {
  const y = a.y + NODE_HEIGHT / 2
  const [x1, x2] = [a.x + a.width, b.x]
  const middle = round((x1 + x2) / 2)
  const words = counts === null ? 'per op' : verdict === 'cut' ? (cuts[0]?.kind ?? 'cut') : verdict
  const line = (from: number, to: number): string =>
    `<path d="M${round(from)} ${round(y)} H${round(to)}" stroke="currentColor" stroke-opacity="0.45" stroke-width="1.4" stroke-dasharray="2 5" stroke-linecap="round"/>`
  const mark = `<path d="M${middle - 5} ${round(y - 5)} l10 10 m0 -10 l-10 10" stroke="currentColor" stroke-opacity="0.75" stroke-width="1.8" stroke-linecap="round" fill="none"/>`
  const text = `<text x="${middle}" y="${round(y - 12)}" font-size="11.5" text-anchor="middle" fill-opacity="0.75">${quoted(words)}</text>`
  return counts === null
    ? line(x1 + 6, x2 - 6) + text
    : line(x1 + 6, middle - 12) + line(middle + 12, x2 - 6) + mark + text
}

function lossIndex(nodes: readonly DrawnNode[]): number {
  return nodes.findIndex(node => node.layer === Math.max(...nodes.map(({ layer }) => layer)))
}

/** Columns as wide as their widest box, rows centred on the tallest column, gaps wide enough for the factors. */
function placeBoxes(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): Box[] {
  const layers = 1 + Math.max(...nodes.map(({ layer }) => layer))
  const perLayer = Array.from({ length: layers }, (_, l) => nodes.filter(({ layer }) => layer === l))
  const tallest = Math.max(...perLayer.map(column => column.length))
  const widths = perLayer.map(column => Math.max(72, ...column.map(boxWidth)))
  const label = Math.max(...edges.map(({ factor }) => labelWidth(factor)), 0)
  const gap = edges.length === 0 ? 160 : Math.max(LAYER_GAP, label + 72)
  const twins = Math.max(1, ...edges.map(edge => edge.twins))
  const rowGap = Math.max(ROW_GAP, twins > 1 ? 26 * (twins - 1) : 0)
  const pitch = NODE_HEIGHT + rowGap
  const extra = tallest === 1 && twins > 1 ? (twins - 1) * 15 : 0
  return nodes.map(({ layer, row }) => {
    const x = MARGIN + widths.slice(0, layer).reduce((a, b) => a + b, 0) + layer * gap
    const column = perLayer[layer] as DrawnNode[]
    return {
      x,
      y: TITLE + extra + ((tallest - column.length) / 2 + row) * pitch,
      width: widths[layer] as number,
    }
  })
}

function boxWidth({ name, value }: DrawnNode): number {
  return Math.max(name.length, num(value).length) * CHAR + 28
}

function labelWidth(factor: number): number {
  return (num(factor).length + 2) * 6.8 + 14
}

function nodeBox({ name, value }: DrawnNode, { x, y, width }: Box, isEnd: boolean): string {
  const middle = round(x + width / 2)
  const accent = 'var(--chainrule-accent, #3b82f6)'
  return [
    `<g>`,
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${NODE_HEIGHT}" rx="10" fill="${isEnd ? accent : 'currentColor'}" fill-opacity="${isEnd ? 0.14 : 0.06}" stroke="${isEnd ? accent : 'currentColor'}" stroke-opacity="${isEnd ? 0.9 : 0.35}"/>`,
    `<text x="${middle}" y="${round(y + 19)}" font-size="12.5" font-weight="600" text-anchor="middle">${quoted(name)}</text>`,
    `<text x="${middle}" y="${round(y + 35)}" font-size="12" text-anchor="middle" fill-opacity="0.75">${num(value)}</text>`,
    `</g>`,
  ].join('')
}

interface Curve {
  readonly d: string
  /** Where the label goes. */
  readonly x: number
  readonly y: number
}

/** From the right side of one box to the left side of another, twins bowed apart. */
function curveOf({ from, to, twin, twins, fanOut, fanIn }: PlacedEdge, boxes: readonly Box[]): Curve {
  const a = boxes[from] as Box
  const b = boxes[to] as Box
  const [x1, y1] = [a.x + a.width, a.y + NODE_HEIGHT / 2]
  const [x2, y2] = [b.x - 7, b.y + NODE_HEIGHT / 2]
  const bow = (twin - (twins - 1) / 2) * 52
  const reach = (x2 - x1) * 0.45
  const c1 = [x1 + reach, y1 + bow] as const
  const c2 = [x2 - reach, y2 + bow] as const
  // Where lines run together at one end, labels keep to the other.
  const t = fanOut === fanIn ? 0.5 : fanOut > fanIn ? 0.68 : 0.32
  const at = (p0: number, p1: number, p2: number, p3: number): number =>
    (1 - t) ** 3 * p0 + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t ** 2 * p2 + t ** 3 * p3
  return {
    d: `M${round(x1)} ${round(y1)} C${round(c1[0])} ${round(c1[1])} ${round(c2[0])} ${round(c2[1])} ${round(x2)} ${round(y2)}`,
    x: at(x1, c1[0], c2[0], x2),
    y: at(y1, c1[1], c2[1], y2),
  }
}

/** Leaves room in the lines for the labels, whatever the background is. */
function labelMask(
  id: string,
  edges: readonly PlacedEdge[],
  boxes: readonly Box[],
  width: number,
  height: number,
): string[] {
  const holes = edges.map(edge => {
    const { x, y } = curveOf(edge, boxes)
    const own = labelWidth(edge.factor) + 6
    return `<rect x="${round(x - own / 2)}" y="${round(y - 12)}" width="${round(own)}" height="24" rx="12" fill="black"/>`
  })
  const all = `<rect x="${-width}" y="0" width="${3 * width}" height="${height}" fill="white"/>`
  return [
    `<mask id="${id}" maskUnits="userSpaceOnUse" x="${-width}" y="0" width="${3 * width}" height="${height}">`,
    all,
    ...holes,
    '</mask>',
  ]
}

function edgePath(edge: PlacedEdge, boxes: readonly Box[]): string {
  const b = boxes[edge.to] as Box
  const tipY = b.y + NODE_HEIGHT / 2
  const opacity = edge.factor === 0 ? 0.4 : 0.45 + 0.4 * edge.weight
  const dash = edge.factor === 0 ? ' stroke-dasharray="2 5"' : ''
  return [
    `<path d="${curveOf(edge, boxes).d}" fill="none" stroke="currentColor" stroke-opacity="${round(opacity)}" stroke-width="${round(1.2 + 2 * edge.weight)}" stroke-linecap="round"${dash}/>`,
    `<path d="M${round(b.x - 8)} ${round(tipY - 4.5)} L${round(b.x - 0.5)} ${round(tipY)} L${round(b.x - 8)} ${round(tipY + 4.5)} Z" fill-opacity="${round(opacity)}"/>`,
  ].join('')
}

/** The factor, in the room that the mask left. */
function edgeLabel(edge: PlacedEdge, boxes: readonly Box[]): string {
  const { x, y } = curveOf(edge, boxes)
  const width = labelWidth(edge.factor)
  return [
    `<rect x="${round(x - width / 2)}" y="${round(y - 10)}" width="${round(width)}" height="20" rx="10" fill="currentColor" fill-opacity="0.03" stroke="currentColor" stroke-opacity="0.28"/>`,
    `<text x="${round(x)}" y="${round(y + 4)}" font-size="11.5" text-anchor="middle">× ${num(edge.factor)}</text>`,
  ].join('')
}

function countLine({ counts, paths, sum, edgeLimit }: Findings): string {
  if (counts === null) return `more than ${grouped(edgeLimit)} scalar edges: answered per op`
  const [only] = paths
  if (only !== undefined && counts.all === 1n) return `1 path: ${productOf(only)}`
  const shown = BigInt(paths.length) === counts.all ? '' : `, the ${paths.length} largest drawn`
  const products =
    shown === '' && paths.length <= 6
      ? `: ${paths
          .map(path => num(path.product))
          .join(' + ')
          .replaceAll('+ -', '− ')} = ${num(sum)}`
      : ''
  return `${plural(counts.all, 'path')}${shown}${products}`
}

function productOf({ factors, product }: Path): string {
  return factors.length < 2 ? num(product) : `${factors.map(num).join(' × ')} = ${num(product)}`
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return line === '' ? lines : [...lines, line]
}

/** A short name for the picture, so that several on one page do not share a mask. */
function hashOf(text: string): string {
  let hash = 2166136261
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619)
  return (hash >>> 0).toString(36)
}

function round(x: number): number {
  return Math.round(x * 10) / 10
}

function quoted(text: string): string {
  return text.replace(/[&<>"]/g, c => `&#${c.codePointAt(0)};`)
}
