// Matrix products, which the wasm layer knows how to do; here, where the operands lie, and what becomes of each vector of
// the result before it is stored: biases, activations, gates.
import type { Term } from '../../core/kernel.ts'
import { matmulKernel } from '../../wasm/matmul/index.ts'
import type { ResultVector } from '../../wasm/matmul/spec.ts'
import { alongProduct } from '../cluster.ts'
import type { ContractKernel, Epilogue } from '../kernels.ts'
import type { EmitContext, KernelCode } from './context.ts'
import { bytesOf, loadVector } from './memory.ts'
import { epilogueReads, productKey } from './product-key.ts'
import { TermEmitter } from './terms.ts'

/**
 * The first arguments are the addresses of operands and result; results beside it come last, and behind them, where the
 * function is shared, what the epilogue reads.
 */
export function emitContract(kernel: ContractKernel, context: EmitContext): KernelCode {
  const { m, n, k, a, b, batch, epilogue } = kernel
  const strides = batch.map((_, d) => batch.slice(d + 1).reduce((x, y) => x * y, m * n))
  const others = epilogue?.stores.slice(0, -1) ?? []
  const key = productKey(kernel)
  const reads = context.repeated.has(key) ? epilogueReads(kernel) : null
  const make = () =>
    matmulKernel(context.module, {
      lanes: kernel.dtype === 'float64' ? 'f64' : 'f32',
      m,
      n,
      k,
      a: { row: a.row, col: a.col },
      b: { row: b.row, col: b.col },
      batch: batch
        .map((size, d) => ({
          size,
          a: a.batch[d] as number,
          b: b.batch[d] as number,
          c: strides[d] as number,
        }))
        .filter(({ size }) => size > 1),
      extra: others.length + (reads?.length ?? 0),
      ...(epilogue === null ? {} : { epilogue: result => emitEpilogue(epilogue, result, n, context, reads) }),
      relaxed: context.relaxed,
    })
  const made = reads === null ? make() : context.module.once(`product ${key}`, make)
  const size = bytesOf(kernel.dtype)
  return {
    index: made.index,
    tasks: made.tasks,
    weight: made.flops,
    scratch: made.scratchBytes,
    before: [
      context.address(a.buffer) + a.start * size,
      context.address(b.buffer) + b.start * size,
      context.address(kernel.buffer),
    ],
    after: [...others.map(s => s.buffer), ...(reads ?? [])].map(buffer => context.address(buffer)),
  }
}

/** `reads` are the buffers whose addresses come as arguments, null where the code knows them. */
function emitEpilogue(
  epilogue: Epilogue,
  result: ResultVector,
  n: number,
  context: EmitContext,
  reads: readonly number[] | null,
): void {
  const { body, stores, sizes } = epilogue
  const { f, value, valid } = result
  const last = stores.at(-1)?.term as Term
  const size = bytesOf(body.dtypeOf(last))
  const width = size === 8 ? 2 : 4
  const roots = stores.map(s => s.term)
  const emitter = new TermEmitter(f, body, width, roots, context.relaxed, term => {
    if (term.kind !== 'load') {
      f.local_get(value)
      return
    }
    const way = alongProduct(term.at, sizes, n)
    const own = bytesOf(term.dtype)
    const given =
      reads === null ? -1 : (result.extra[stores.length - 1 + reads.indexOf(term.buffer)] as number)
    const offset = term.at.start * own + (given < 0 ? context.address(term.buffer) : 0)
    const pointer = way === 'scalar' ? given : f.local('i32')
    if (way === 'same') {
      result.pushOffset()
      if (own !== size) {
        f.i32_const(size === 8 ? 3 : 2)
        f.i32_shr_u()
      }
    } else if (way === 'column') {
      result.pushCol()
      f.i32_const(own)
      f.i32_mul()
    }
    if (way !== 'scalar') {
      if (given >= 0) {
        f.local_get(given)
        f.i32_add()
      }
      f.local_set(pointer)
    }
    loadVector(f, term.dtype, width, { pointer, offset }, way === 'scalar' ? 0 : 1, valid)
  })
  const values = stores.map(() => f.local('v128'))
  for (const [i, t] of roots.entries()) {
    emitter.push(t)
    f.local_set(values[i] as number)
  }
  for (let i = 0; i < stores.length - 1; i++) {
    f.local_get(values[i] as number)
    result.storeTo(i)
  }
  f.local_get(values.at(-1) as number)
  f.local_set(value)
}
