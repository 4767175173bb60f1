// The tape behind the output of a function under check.
import type { Value } from '../core/value.ts'
import type { Pullback } from './subject.ts'

/** The recorded nodes behind the output, those nearest the inputs first. */
export function recorded({ output, bit }: Pullback): Value[] {
  const found = new Set<Value>()
  const pending = [output]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (value.node === null || (value.track & bit) === 0 || found.has(value)) continue
    found.add(value)
    pending.push(...(value.node.inputs ?? []))
  }
  return [...found].sort((a, b) => a.node!.id - b.node!.id)
}
