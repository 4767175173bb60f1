// What traces call things: values by the name their user gave them, or by the op that made them; definitions and local
// derivatives with unnamed values written out.
import { formatShape } from '../base/shape.ts'
import type { Node, Value } from '../core/value.ts'
import type { Corridor, Step } from './corridor.ts'
import { num, productOf, substitute, tidy } from './notation.ts'
import type { RawPath } from './paths.ts'
import { type Op, opName } from './record.ts'

/** A definition longer than this leaves out what is not on the way. */
const WIDE = 44
/** A slope in words longer than this is left to the number. */
const WORDY = 26
/** Written-out formulas stop nesting here. */
const DEPTH = 6

type MadeBy = Omit<Op, 'line' | 'noGrad'>

export class Names {
  readonly #corridor: Corridor
  readonly #made: ReadonlyMap<Value, Op>
  readonly #onPath: ReadonlySet<Value>
  readonly #shown: ReadonlySet<Value>
  readonly #numbers = new Map<Value, string>()

  /** `shown`: values that have a row of their own, and so are called by name even if nobody named them. */
  constructor(
    corridor: Corridor,
    made: ReadonlyMap<Value, Op>,
    onPath: ReadonlySet<Value>,
    shown: ReadonlySet<Value>,
  ) {
    this.#corridor = corridor
    this.#made = made
    this.#onPath = onPath
    this.#shown = shown
    const perOp = new Map<string, Value[]>()
    for (const step of corridor.steps) {
      const { output } = step
      if (output.label !== null || output === corridor.root || !shown.has(output)) continue
      const name = opName(step)
      perOp.set(name, [...(perOp.get(name) ?? []), output])
    }
    for (const [name, values] of perOp)
      for (const [i, value] of values.entries())
        this.#numbers.set(value, values.length === 1 ? name : `${name}#${i + 1}`)
  }

  /** The value's name: given, or made up from its op. */
  of(value: Value): string {
    if (value.label !== null) return value.label
    if (value === this.#corridor.root) return 'loss'
    if (value === this.#corridor.leaf) return 'leaf'
    const by = this.#corridor.by.get(value)
    return this.#numbers.get(value) ?? (by === undefined ? 'tensor' : opName(by))
  }

  /** `error = prediction - y`. */
  definition(value: Value): string {
    const by = this.#by(value)
    if (by === null) return this.of(value)
    const write = (abridged: boolean): string => tidy(`${this.of(value)} = ${this.#formula(by, abridged, 0)}`)
    const full = write(false)
    if (full.length <= WIDE) return full
    const short = write(true)
    return short.length <= WIDE + 8 ? short : `${short.slice(0, WIDE).replace(/[ .]+$/, '')} ...`
  }

  /** The product of the local derivatives from one shown value to the next, in words; empty where there are none. */
  slope(steps: RawPath['steps']): string {
    const words: string[] = []
    for (const { step, input } of steps) {
      const own = this.#localSlope(step, input)
      if (own === null) return ''
      words.push(own)
    }
    const text = tidy(productOf(words))
    // The shape of a nameless tensor says less than the number.
    return text.length <= WORDY && !text.includes('tensor[') ? text : ''
  }

  #localSlope(step: Step, input: number): string | null {
    const { slopes } = step.primitive
    if (slopes === null) return null
    const text = slopes[Math.min(input, slopes.length - 1)] as string
    const holes = [...new Set(text.match(/\{[abcy]\}/g))]
    const operands: string[] = []
    for (const hole of holes) {
      const value = hole === '{y}' ? step.output : (step.inputs['abc'.indexOf(hole[1] as string)] as Value)
      const name = this.#operand(value, false, 2)
      if (name === null) return null
      operands.push(name)
    }
    return substitute(
      letters => holes.reduce((t, hole, i) => t.replaceAll(hole, letters[i] as string), text),
      operands,
    )
  }

  #formula(by: MadeBy, abridged: boolean, depth: number): string {
    const inside = this.#insideCall(by)
    const principal = inside === null ? by : inside.principal
    if (inside?.isPassing) return this.#name(inside.inputs[0] as Value, abridged, depth + 1)
    if (principal === null) {
      const args = (inside as CallParts).inputs.flatMap(x =>
        // Constants of the composite's own (the n of a mean) are no arguments.
        x.ndim === 0 && x.label === null && this.#by(x) === null && x.track === 0
          ? []
          : [this.#name(x, abridged, depth + 1)],
      )
      return `${by.region as string}(${args.join(', ')})`
    }
    const operands = principal.inputs.map(x => this.#name(this.#through(x, principal), abridged, depth + 1))
    const { formula } = principal.primitive
    return formula === null
      ? `${principal.primitive.name}(${operands.join(', ')})`
      : substitute(letters => formula(letters, principal.params), operands)
  }

  #name(x: Value, abridged: boolean, depth: number): string {
    const text = this.#operand(x, abridged, depth)
    if (text !== null) return text
    return `tensor${formatShape(x.shape)}`
  }

  /** How a formula refers to an operand; null for tensors that have neither name nor history. */
  #operand(x: Value, abridged: boolean, depth: number): string | null {
    if (x.label !== null || this.#shown.has(x)) return this.of(x)
    const by = this.#by(x)
    if (by === null) {
      if (x === this.#corridor.leaf) return this.of(x)
      return x.numel === 1 && x.track === 0 ? num(x.buffer[0] as number) : null
    }
    if ((abridged && !this.#onPath.has(x)) || depth > DEPTH) return '...'
    return this.#formula(by, abridged, depth)
  }

  #by(value: Value): MadeBy | null {
    if (value === this.#corridor.leaf) return null
    const seen = this.#corridor.by.get(value) ?? this.#made.get(value)
    if (seen !== undefined) return seen
    const node: Node | null = value.node
    if (node === null || node.inputs === null) return null
    return {
      primitive: node.primitive,
      inputs: node.inputs,
      params: node.params,
      output: value,
      region: node.region,
      call: -node.id,
    }
  }

  /** For the result of a composite: what went into the call, and its one op that computes, if there is but one. */
  #insideCall(by: MadeBy): CallParts | null {
    const { region } = by
    if (region === null) return null
    const inputs: Value[] = []
    const computing: MadeBy[] = []
    const seen = new Set<Value>()
    const visit = (op: MadeBy): void => {
      if (!isRelabelling(op)) computing.push(op)
      for (const x of op.inputs) {
        if (seen.has(x)) continue
        seen.add(x)
        const inner = x.label !== null || this.#shown.has(x) ? null : this.#by(x)
        if (inner !== null && inner.region === region && (inner.call === by.call || inner.call < 0))
          visit(inner)
        else inputs.push(x)
      }
    }
    visit(by)
    return {
      inputs,
      principal: computing.length === 1 ? (computing[0] as MadeBy) : null,
      isPassing: computing.length === 0 && inputs.length === 1,
    }
  }

  /** Within one call, what an operand was before it was merely relabelled. */
  #through(x: Value, principal: MadeBy): Value {
    if (x.label !== null || this.#shown.has(x)) return x
    const by = this.#by(x)
    if (by === null || by.region !== principal.region || by.region === null || !isRelabelling(by)) return x
    return this.#through(by.inputs[0] as Value, principal)
  }
}

interface CallParts {
  readonly inputs: readonly Value[]
  readonly principal: MadeBy | null
  /** Whether the call only hands on its input. */
  readonly isPassing: boolean
}

/** Whether an op hands on the same elements in the same order: reshape, cast, clone. */
export function isRelabelling(op: Applied): boolean {
  return movement(op) === 'in place'
}

/** Whether each element of the result is one of the input's, untouched: reshape, permute, slice. */
export function isMoving(op: Applied): boolean {
  return movement(op) !== 'none'
}

type Applied = Pick<Op, 'primitive' | 'inputs' | 'params' | 'output'>
type Movement = 'none' | 'moved' | 'in place'
const known = new WeakMap<Value, Movement>()

function movement(op: Applied): Movement {
  const before = known.get(op.output)
  if (before !== undefined) return before
  const found = findMovement(op)
  known.set(op.output, found)
  return found
}

function findMovement({ primitive, inputs, params, output }: Applied): Movement {
  if (inputs.length !== 1 || primitive.edges === null || primitive.slopes?.[0] !== '1') return 'none'
  const list = primitive.edges(inputs, output, params)
  let isSame = output.numel === inputs[0]?.numel
  for (let i = 0; i < output.numel; i++) {
    let edges = 0
    list(i, (_input, index) => {
      edges++
      if (index !== i) isSame = false
    })
    if (edges > 1) return 'none'
    if (edges === 0) isSame = false
  }
  return isSame ? 'in place' : 'moved'
}
