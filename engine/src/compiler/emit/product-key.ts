// What tells products apart that may not share their code: everything but where operands and results lie. A deep model, or an
// unrolled recurrence, has the same product hundreds of times.
import type { ContractKernel, Kernel } from '../kernels.ts'

/** From how many equal products on they share one function, which has to be told the addresses that code of its own knows. */
const worthSharing = 3

/** The buffers that an epilogue reads, in the order in which a shared function is told their addresses. */
export function epilogueReads({ epilogue }: ContractKernel): number[] {
  const found = new Set<number>()
  for (const term of epilogue?.body.terms ?? []) if (term.kind === 'load') found.add(term.buffer)
  return [...found]
}

export function productKey(kernel: ContractKernel): string {
  const { m, n, k, dtype, batch, a, b, epilogue } = kernel
  const operand = ({ row, col, batch: steps }: ContractKernel['a']) => `${row},${col},${steps.join()}`
  const shape = `${dtype} ${m}x${n}x${k} ${batch.join()} ${operand(a)} ${operand(b)}`
  if (epilogue === null) return shape
  const reads = epilogueReads(kernel)
  const terms = epilogue.body.keys(buffer => reads.indexOf(buffer))
  return `${shape} ${epilogue.sizes.join()} ${terms.join(' ')} → ${epilogue.stores.map(s => s.term).join()}`
}

/** Keys of products that occur often enough to share their code. */
export function repeatedProducts(kernels: readonly Kernel[]): ReadonlySet<string> {
  const counts = new Map<string, number>()
  for (const kernel of kernels) {
    if (kernel.kind !== 'contract') continue
    const key = productKey(kernel)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return new Set([...counts].filter(([, count]) => count >= worthSharing).map(([key]) => key))
}
