// The module of a program: a function for each kernel, and `run`, which calls them in order. It answers 0 when all is
// done, 1 when something computed was not finite and the assigned leaves were left alone, 2 when an index was out of range.
import { isFloat } from '../../base/dtype.ts'
import { type FunctionBuilder, ModuleBuilder } from '../../wasm/assembler.ts'
import { features } from '../../wasm/features.ts'
import type { Arena } from '../../wasm/memory.ts'
import { Body } from '../body.ts'
import type { Kernel } from '../kernels.ts'
import type { Plan } from '../plan.ts'
import type { EmitContext, KernelCode } from './context.ts'
import { emitContract } from './contract.ts'
import { emitIndexed, emitPosition } from './indexed.ts'
import { emitMap } from './map.ts'
import { bytesOf } from './memory.ts'
import { emitReduce } from './reduce.ts'
import { emitRows } from './rows.ts'

export interface Emitted {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Bytes of scratch at the scratch address. */
  readonly scratch: number
  readonly flops: number
}

export const status = { done: 0, notFinite: 1, outOfRange: 2 } as const

export function emitModule(
  plan: Plan,
  guarded: readonly number[],
  memory: Arena,
  address: (buffer: number) => number,
  takeScratch: (bytes: number) => number,
): Emitted {
  const module = new ModuleBuilder()
  module.importMemory('env', 'memory', {
    initial: 0,
    maximum: memory.maximumPages,
    shared: memory.shared,
  })
  const host = module.importFunction('env', 'host', ['i32'], [])
  const context: EmitContext = {
    module,
    relaxed: features().relaxed,
    address,
    dtype: buffer => (plan.buffers[buffer] as { dtype: Plan['buffers'][number]['dtype'] }).dtype,
    outOfRange: module.global(0),
  }
  let scratch = 0
  let flops = 0
  const codes = plan.kernels.map(kernel => {
    const code = emitKernel(kernel, plan, context)
    if (code === null) return null
    if ('scratch' in code) {
      scratch = Math.max(scratch, code.scratch as number)
    }
    if (kernel.kind === 'contract') flops += code.weight
    return code
  })
  const scratchAt = scratch === 0 ? 0 : takeScratch(scratch)
  const check =
    guarded.length === 0 || plan.second === plan.kernels.length ? null : emitCheck(context, plan, guarded)
  const f = module.func([], ['i32'])
  const call = (i: number): void => {
    const code = codes[i] as KernelCode | null
    if (code === null) {
      f.i32_const(i)
      f.call(host)
      return
    }
    for (const at of code.before ?? []) f.i32_const(at)
    if ('scratch' in code) f.i32_const(scratchAt)
    f.i32_const(0)
    f.i32_const(code.tasks)
    f.call(code.index)
  }
  f.i32_const(0)
  f.global_set(context.outOfRange)
  for (let i = 0; i < plan.second; i++) call(i)
  const answer = (value: number): void => {
    f.if_()
    f.i32_const(value)
    f.return_()
    f.end()
  }
  f.global_get(context.outOfRange)
  answer(status.outOfRange)
  if (check !== null) {
    f.call(check)
    answer(status.notFinite)
  }
  for (let i = plan.second; i < plan.kernels.length; i++) call(i)
  f.i32_const(status.done)
  module.exportFunction('run', f.index)
  return { bytes: module.encode(), scratch, flops }
}

/** The function of a kernel; null where JavaScript does the work. */
function emitKernel(
  kernel: Kernel,
  plan: Plan,
  context: EmitContext,
): KernelCode | (KernelCode & { readonly scratch: number }) | null {
  switch (kernel.kind) {
    case 'host':
      return null
    case 'map':
      return emitMap(kernel, context)
    case 'rows':
      return emitRows(kernel, context)
    case 'reduce':
      return emitReduce(kernel, context)
    case 'position':
      return emitPosition(kernel, context)
    case 'contract':
      return emitContract(kernel, context)
    case 'gather':
    case 'scatterAdd':
      return emitIndexed(kernel, context)
    case 'fill': {
      const { dtype, numel } = plan.buffers[kernel.buffer] as Plan['buffers'][number]
      const body = new Body()
      const at = { start: 0, steps: [1] }
      const stores = [{ buffer: kernel.buffer, at, term: body.constant(kernel.x, dtype) }]
      return emitMap({ kind: 'map', sizes: [Math.max(1, numel)], body, stores, names: kernel.names }, context)
    }
    case 'copy': {
      const { dtype, numel } = plan.buffers[kernel.buffer] as Plan['buffers'][number]
      const f = context.module.func(['i32', 'i32'], [])
      f.i32_const(context.address(kernel.buffer))
      f.i32_const(context.address(kernel.source))
      f.i32_const(numel * bytesOf(dtype))
      f.memory_copy()
      return { index: f.index, tasks: 1, weight: 0 }
    }
  }
}

/** A function () -> i32 that says whether any element of the buffers is not finite. */
function emitCheck(context: EmitContext, plan: Plan, guarded: readonly number[]): number {
  const f = context.module.func([], ['i32'])
  const bad = f.local('v128')
  for (const id of new Set(guarded)) {
    const { dtype, numel } = plan.buffers[id] as Plan['buffers'][number]
    if (isFloat(dtype) && numel > 0)
      emitFinite(f, context.address(id), numel, dtype === 'float64' ? 8 : 4, bad)
  }
  f.local_get(bad)
  f.v128_any_true()
  return f.index
}

/** Sets lanes of `bad` if elements are not finite: x − x is 0 for finite x only, and NaN stays NaN in a sum. */
function emitFinite(f: FunctionBuilder, address: number, numel: number, size: 4 | 8, bad: number): void {
  const lanes = 16 / size
  const sums = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')]
  const [x, at] = [f.local('v128'), f.local('i32')]
  const zero = () => (size === 4 ? f.f32x4_const(0) : f.f64x2_const(0))
  const take = (offset: number, sum: number, valid: number): void => {
    f.local_get(at)
    f.v128_load(offset, 0)
    if (valid < lanes) {
      f.v128_const(Array.from({ length: 16 }, (_, b) => (b < valid * size ? 255 : 0)))
      f.v128_and()
    }
    f.local_tee(x)
    f.local_get(x)
    if (size === 4) f.f32x4_sub()
    else f.f64x2_sub()
    f.local_get(sum)
    if (size === 4) f.f32x4_add()
    else f.f64x2_add()
    f.local_set(sum)
  }
  for (const sum of sums) {
    zero()
    f.local_set(sum)
  }
  f.i32_const(0)
  f.local_set(at)
  const chunk = lanes * 4
  const chunks = Math.floor(numel / chunk)
  if (chunks > 0) {
    f.loop()
    for (const [i, sum] of sums.entries()) take(address + i * 16, sum, lanes)
    f.local_get(at)
    f.i32_const(64)
    f.i32_add()
    f.local_tee(at)
    f.i32_const(chunks * 64)
    f.i32_lt_u()
    f.br_if(0)
    f.end()
  }
  for (let left = numel - chunks * chunk, i = 0; left > 0; left -= lanes, i++)
    take(address + i * 16, sums[i % 4] as number, Math.min(lanes, left))
  for (const sum of sums) {
    f.local_get(sum)
    f.local_get(sum)
    if (size === 4) f.f32x4_ne()
    else f.f64x2_ne()
    f.local_get(bad)
    f.v128_or()
    f.local_set(bad)
  }
}
