// The schedule of a program in a form a person can read.
import { formatShape } from '../base/shape.ts'
import { type Kernel, readsOf, writesOf } from './kernels.ts'
import type { Program } from './program.ts'

export function printSchedule({ plan, stats }: Program): string {
  const name = (id: number): string => {
    const buffer = plan.buffers[id]
    const location = plan.locations[id]
    if (buffer === undefined || location === undefined) return `#${id}`
    const where = location.kind === 'slot' ? 'leaf' : `@${location.offset}`
    return `#${id} ${buffer.dtype}${formatShape(buffer.node.shape)} ${where}`
  }
  const lines = plan.kernels.map((kernel, i) => {
    const reads = readsOf(kernel).map(id => `#${id}`)
    const writes = writesOf(kernel).map(name)
    return `${i === plan.second ? '  if all of this is finite:\n' : ''}  ${i}. ${describeKernel(kernel)}  (${reads.join(', ')}) → ${writes.join('; ')}`
  })
  lines.unshift(
    `${stats.kernels} kernels, ${stats.hostKernels} of them JavaScript; ${stats.bytes} bytes beside ${stats.stateBytes} of tensors; ${stats.flops} flops in products; ${stats.codeBytes} bytes of code`,
  )
  return lines.join('\n')
}

function describeKernel(kernel: Kernel): string {
  const names = [...new Set(kernel.names)].join(' ')
  switch (kernel.kind) {
    case 'map':
      return `loop ${kernel.sizes.join('×') || '1'}: ${names}`
    case 'reduce':
      return `reduce ${kernel.sizes.map((n, d) => (kernel.reduced[d] ? `(${n})` : n)).join('×')}: ${names}`
    case 'rows':
      return `rows ${kernel.outer.join('×') || '1'} of ${kernel.inner.join('×')}: ${names}`
    case 'contract':
      return `product ${kernel.m}×${kernel.k}×${kernel.n}${kernel.batch.length > 0 ? `, ${kernel.batch.join('×')} times` : ''}${kernel.epilogue === null ? '' : `, then ${[...new Set(kernel.names.slice(1))].join(' ')}`}`
    case 'host':
      return `JavaScript: ${names}`
    default:
      return `${kernel.kind}: ${names}`
  }
}
