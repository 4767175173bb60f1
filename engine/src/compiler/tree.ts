// Arguments and results are trees: arrays and plain objects whose leaves are tensors, numbers, and anything else.
import { Value } from '../core/value.ts'

/** Calls `visit` with every leaf, in order. */
export function leavesOf(tree: unknown, visit: (leaf: unknown) => void): void {
  if (isBranch(tree)) for (const child of Object.values(tree)) leavesOf(child, visit)
  else visit(tree)
}

/** The same tree with every leaf replaced. */
export function mapTree(tree: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(tree)) return tree.map(child => mapTree(child, change))
  if (!isBranch(tree)) return change(tree)
  return Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, mapTree(child, change)]))
}

/** Whether `x` is an array, or an object without a class. */
export function isBranch(x: unknown): x is object {
  if (typeof x !== 'object' || x === null || x instanceof Value) return false
  const prototype = Object.getPrototypeOf(x) as unknown
  return Array.isArray(x) || prototype === Object.prototype || prototype === null
}
