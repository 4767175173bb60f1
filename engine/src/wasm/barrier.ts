// The barrier between dependent kernels: no thread passes before all have come. The last to come lets the others go;
// they look for a while, for that is fastest, and then sleep.
import type { FunctionBuilder, ModuleBuilder } from './assembler.ts'

/** Bytes from the start of the barrier's block. */
const COUNT = 0
const TURN = 4
const SLEEPERS = 8
/** Not 0 where thread 0 may sleep: the main thread of a browser may not. */
export const MAY_SLEEP = 12
export const BARRIER_BYTES = 64

/** Looks before a thread goes to sleep: some tens of microseconds. */
const LOOKS = 20_000

/**
 * The index of a function (thread, threads: i32) -> () that returns when all threads have called it, made once per
 * module. `block` is the address of 64 bytes, zero at the start.
 */
export function barrier(module: ModuleBuilder, block: number): number {
  return module.once(`barrier ${block}`, () => {
    const f = module.func(['i32', 'i32'])
    const [THREAD, THREADS] = [0, 1]
    const turn = f.local('i32')
    const looks = f.local('i32')
    load(f, block + TURN)
    f.local_set(turn)
    add(f, block + COUNT, 1)
    f.local_get(THREADS)
    f.i32_const(1)
    f.i32_sub()
    f.i32_eq()
    f.if_()
    f.i32_const(block + COUNT)
    f.i32_const(0)
    f.i32_atomic_store()
    add(f, block + TURN, 1)
    f.drop()
    load(f, block + SLEEPERS)
    f.if_()
    f.i32_const(block + TURN)
    f.i32_const(-1)
    f.memory_atomic_notify()
    f.drop()
    f.end()
    f.return_()
    f.end()
    f.loop()
    f.block()
    load(f, block + TURN)
    f.local_get(turn)
    f.i32_eq()
    f.br_if(0)
    f.return_()
    f.end()
    f.local_get(looks)
    f.i32_const(1)
    f.i32_add()
    f.local_tee(looks)
    f.i32_const(LOOKS)
    f.i32_lt_u()
    f.br_if(0)
    f.local_get(THREAD)
    load(f, block + MAY_SLEEP)
    f.i32_or()
    f.i32_eqz()
    f.br_if(0)
    // Whoever sleeps says so before the turn is compared once more: the last to come either sees that or is seen.
    add(f, block + SLEEPERS, 1)
    f.drop()
    f.i32_const(block + TURN)
    f.local_get(turn)
    f.i64_const(-1n)
    f.memory_atomic_wait32()
    f.drop()
    add(f, block + SLEEPERS, -1)
    f.drop()
    f.br(0)
    f.end()
    return f.index
  })
}

function load(f: FunctionBuilder, address: number): void {
  f.i32_const(address)
  f.i32_atomic_load()
}

/** Emits the value before the addition. */
function add(f: FunctionBuilder, address: number, amount: number): void {
  f.i32_const(address)
  f.i32_const(amount)
  f.i32_atomic_rmw_add()
}
