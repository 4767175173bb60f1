// What a call that may fail changes, so that it can be undone: the numbers of leaves, and their gradients.
import type { DataArray } from '../base/dtype.ts'
import type { Value } from './value.ts'

/** A leaf as it was. */
interface Numbers {
  readonly held: DataArray
  readonly assignedAt: number
  readonly assignedLine: string | null
  readonly uses: number
}

export class Journal {
  readonly #outer: Journal | null
  readonly #numbers = new Map<Value, Numbers>()
  /** By leaf: puts the gradient back that was there. */
  readonly #gradients = new Map<Value, () => void>()

  constructor(outer: Journal | null) {
    this.#outer = outer
  }

  /** Called before the numbers of `leaf` are replaced. */
  numbers(leaf: Value): void {
    this.#outer?.numbers(leaf)
    if (this.#numbers.has(leaf)) return
    const { assignedAt, assignedLine, uses } = leaf
    // What lies in a place that will be written over is read now.
    this.#numbers.set(leaf, { held: leaf.buffer, assignedAt, assignedLine, uses })
  }

  /** Called before the gradient of `leaf` changes; `keep` looks at it and gives what puts it back. */
  gradient(leaf: Value, keep: () => () => void): void {
    this.#outer?.gradient(leaf, keep)
    if (!this.#gradients.has(leaf)) this.#gradients.set(leaf, keep())
  }

  undo(): void {
    for (const [leaf, { held, assignedAt, assignedLine, uses }] of this.#numbers) {
      leaf.replaceNumbers(held)
      leaf.assignedAt = assignedAt
      leaf.assignedLine = assignedLine
      leaf.uses = uses
    }
    for (const putBack of this.#gradients.values()) putBack()
  }
}

/** The journal being kept, null when nobody wants to undo anything. */
export let journal: Journal | null = null

/** Runs `f`; if it throws, leaves and gradients are as they were before. */
export function orUndo<T>(f: () => T): T {
  const before = journal
  const own = new Journal(before)
  journal = own
  try {
    return f()
  } catch (error) {
    own.undo()
    throw error
  } finally {
    journal = before
  }
}
