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
import { emitIndexed } from './indexed.ts'
import { emitMap } from './map.ts'
import { bytesOf } from './memory.ts'
import { emitPosition } from './position.ts'
import { repeatedProducts } from './product-key.ts'
import { emitReduce } from './reduce.ts'
import { emitRows } from './rows.ts'
import { Sync } from './sync.ts'

export interface Emitted {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly flops: number
  /** Bytes of scratch that each thread needs. */
  readonly scratch: number
  /** Whether there is enough to do for more threads than one. */
  readonly divisible: boolean
}

export const status = { done: 0, notFinite: 1, outOfRange: 2 } as const

/** Work of a program from which on threads pay, in kernels of some 20 microseconds at least: some 200 in all. */
const worthThreads = 4_000_000
const countsForThreads = 400_000
/** Work of a kernel from which on they share it, once they are there: what the others wait for is time lost to all. */
const worthSharing = 100_000
/** A product's flops run that much faster than the terms of a loop are computed. */
const flopsPerTerm = 3

interface Step {
  readonly kernel: Kernel
  readonly code: KernelCode | null
  readonly shared: boolean
}

/** Where things lie that are not in the plan. */
export interface Fixed {
  /** Two words: whether an index was out of range, whether something was not finite. */
  readonly flags: number
  /** Address of scratch memory, for as many bytes per thread as asked for. */
  readonly scratch: (bytes: number) => number
  /** The barrier's function, where there may be threads. */
  readonly barrier: ((module: ModuleBuilder) => number) | null
}

export function emitModule(
  plan: Plan,
  guarded: readonly number[],
  memory: Arena,
  address: (buffer: number) => number,
  fixed: Fixed,
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
    dtype: buffer => (plan.buffers[buffer] as Plan['buffers'][number]).dtype,
    outOfRange: fixed.flags,
    repeated: repeatedProducts(plan.kernels),
  }
  let scratch = 0
  let flops = 0
  let sharedWork = 0
  const steps = plan.kernels.map((kernel): Step => {
    const code = emitKernel(kernel, plan, context)
    if (code === null) return { kernel, code, shared: false }
    scratch = Math.max(scratch, code.scratch ?? 0)
    let { weight } = code
    if (kernel.kind === 'contract') {
      flops += weight
      weight /= flopsPerTerm
    }
    const shared = weight >= worthSharing && code.tasks > 1
    if (shared && weight >= countsForThreads) sharedWork += weight
    return { kernel, code, shared }
  })
  const guards = [...new Set(guarded)]
  const check = guards.length === 0 ? -1 : emitCheck(context, plan, guards, fixed.flags + 4)
  const scratchAt = scratch === 0 ? 0 : fixed.scratch(scratch)
  const parts = { module, plan, steps, address, host, check, flags: fixed.flags, scratchAt, scratch }
  module.exportFunction('run', emitRun(parts, null))
  const divisible = sharedWork >= worthThreads
  if (fixed.barrier !== null && divisible)
    module.exportFunction('work', emitRun(parts, fixed.barrier(module)))
  return { bytes: module.encode(), flops, scratch, divisible }
}

/** Kernels that find that an index is out of range, or throw. */
const failing: ReadonlySet<Kernel['kind']> = new Set(['gather', 'scatterAdd', 'host'])

interface RunParts {
  readonly module: ModuleBuilder
  readonly plan: Plan
  readonly steps: readonly Step[]
  readonly address: (buffer: number) => number
  readonly host: number
  readonly check: number
  readonly flags: number
  readonly scratchAt: number
  readonly scratch: number
}

/**
 * The function that runs the kernels in order: by itself, or with a barrier as one of several threads, each of which
 * takes its share of the tasks of every large kernel, while the first does the small ones.
 */
function emitRun(
  { module, plan, steps, address, host, check, flags, scratchAt, scratch }: RunParts,
  barrier: number | null,
): number {
  const f = module.func(barrier === null ? [] : ['i32', 'i32'], ['i32'])
  const [thread, threads] = [0, 1]
  const sync = new Sync(plan, address)
  const wait = (): void => {
    if (barrier === null) return
    f.local_get(thread)
    f.local_get(threads)
    f.call(barrier)
    sync.clear()
  }
  const first = (turn: () => void): void => {
    if (barrier !== null) {
      f.local_get(thread)
      f.i32_eqz()
      f.if_()
    }
    turn()
    if (barrier !== null) f.end()
  }
  /** floor(tasks · (thread + by) / threads) */
  const share = (tasks: number, by: 0 | 1): void => {
    f.i32_const(tasks)
    f.local_get(thread)
    if (by === 1) {
      f.i32_const(1)
      f.i32_add()
    }
    f.i32_mul()
    f.local_get(threads)
    f.i32_div_u()
  }
  const call = (step: Step, i: number): void => {
    const { code, kernel } = step
    const shared = step.shared && barrier !== null
    if (barrier !== null && sync.conflicts(kernel, shared)) wait()
    sync.add(kernel, shared)
    const turn = (): void => {
      if (code === null) {
        f.i32_const(i)
        f.call(host)
        return
      }
      for (const at of code.before ?? []) f.i32_const(at)
      if (code.scratch !== undefined) {
        f.i32_const(scratchAt)
        if (barrier !== null) {
          f.local_get(thread)
          f.i32_const(scratch)
          f.i32_mul()
          f.i32_add()
        }
      }
      if (shared) {
        share(code.tasks, 0)
        share(code.tasks, 1)
      } else {
        f.i32_const(0)
        f.i32_const(code.tasks)
      }
      for (const at of code.after ?? []) f.i32_const(at)
      f.call(code.index)
    }
    if (shared) turn()
    else first(turn)
  }
  const answer = (word: number, value: number): void => {
    f.i32_const(flags)
    f.i32_load(word)
    f.if_()
    // All threads have to have read the word before the next run clears it.
    wait()
    f.i32_const(value)
    f.return_()
    f.end()
  }
  // With several threads the caller clears the flags: one of them might be ahead of the first.
  if (barrier === null) {
    f.i32_const(flags)
    f.i64_const(0n)
    f.i64_store(0)
  }
  for (let i = 0; i < plan.second; i++) call(steps[i] as Step, i)
  const indexed = plan.kernels.some(({ kind }) => failing.has(kind))
  if (indexed || check >= 0) wait()
  if (check >= 0) {
    if (barrier === null) {
      f.i32_const(0)
      f.i32_const(1)
    } else {
      f.local_get(thread)
      f.local_get(threads)
    }
    f.call(check)
    wait()
  }
  if (indexed) answer(0, status.outOfRange)
  if (check >= 0) answer(4, status.notFinite)
  for (let i = plan.second; i < steps.length; i++) call(steps[i] as Step, i)
  wait()
  f.i32_const(status.done)
  return f.index
}

/** The function of a kernel; null where JavaScript does the work. */
function emitKernel(kernel: Kernel, plan: Plan, context: EmitContext): KernelCode | null {
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

/** A function (thread, threads: i32) -> () that sets the word at `flag` if an element of its share is not finite. */
function emitCheck(context: EmitContext, plan: Plan, guarded: readonly number[], flag: number): number {
  const f = context.module.func(['i32', 'i32'], [])
  const bad = f.local('v128')
  for (const id of guarded) {
    const { dtype, numel } = plan.buffers[id] as Plan['buffers'][number]
    if (isFloat(dtype) && numel > 0)
      emitFinite(f, context.address(id), numel, dtype === 'float64' ? 8 : 4, bad)
  }
  f.local_get(bad)
  f.v128_any_true()
  f.if_()
  f.i32_const(flag)
  f.i32_const(1)
  f.i32_store(0)
  f.end()
  return f.index
}

/** Sets lanes of `bad` if elements are not finite: x − x is 0 for finite x only, and NaN stays NaN in a sum. */
function emitFinite(f: FunctionBuilder, address: number, numel: number, size: 4 | 8, bad: number): void {
  const [thread, threads] = [0, 1]
  const lanes = 16 / size
  const sums = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')]
  const [x, at, end] = [f.local('v128'), f.local('i32'), f.local('i32')]
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
    f.i32x4_const(0)
    f.local_set(sum)
  }
  const chunk = lanes * 4
  const chunks = Math.floor(numel / chunk)
  const bound = (by: 0 | 1, into: number): void => {
    f.i32_const(chunks)
    f.local_get(thread)
    f.i32_const(by)
    f.i32_add()
    f.i32_mul()
    f.local_get(threads)
    f.i32_div_u()
    f.i32_const(64)
    f.i32_mul()
    f.local_set(into)
  }
  if (chunks > 0) {
    bound(0, at)
    bound(1, end)
    f.block()
    f.local_get(at)
    f.local_get(end)
    f.i32_ge_u()
    f.br_if(0)
    f.loop()
    for (const [i, sum] of sums.entries()) take(address + i * 16, sum, lanes)
    f.local_get(at)
    f.i32_const(64)
    f.i32_add()
    f.local_tee(at)
    f.local_get(end)
    f.i32_lt_u()
    f.br_if(0)
    f.end()
    f.end()
  }
  f.local_get(thread)
  f.i32_eqz()
  f.if_()
  f.i32_const(chunks * 64)
  f.local_set(at)
  for (let left = numel - chunks * chunk, i = 0; left > 0; left -= lanes, i++)
    take(address + i * 16, sums[i % 4] as number, Math.min(lanes, left))
  f.end()
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
