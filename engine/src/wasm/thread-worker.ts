// What a worker runs. The function is sent to workers as text, so it must use nothing but its arguments and the
// language; that spares a file of its own, which bundlers and packages would have to find.

/** Places in the control block, in 32-bit words from its start; the block is laid out by threads.ts. */
export interface ControlLayout {
  readonly signal: number
  readonly sleepers: number
  readonly program: number
  readonly version: number
  /** One word for each worker: the version of the table it has caught up with. */
  readonly caughtUp: number
  /** Pairs of words: address and length of a program's bytes; length 0 is no program. */
  readonly table: number
  readonly tableLength: number
}

export interface WorkerStart {
  readonly memory: { readonly buffer: ArrayBufferLike; grow(pages: number): number }
  readonly control: number
  readonly layout: ControlLayout
  /** The number of the thread, from 1. */
  readonly thread: number
  /** Milliseconds of looking before the worker goes to sleep. */
  readonly patience: number
}

/**
 * Looks for work for ever. The signal word changes with each piece of it: its low eight bits are the number of threads
 * that take part (0: only the table of programs has changed), the others count.
 */
export function workerMain({ memory, control, layout, thread, patience }: WorkerStart): void {
  const scope = globalThis as unknown as {
    WebAssembly: {
      Module: (new (
        bytes: Uint8Array,
      ) => object) & {
        imports(module: object): { module: string; name: string; kind: string }[]
      }
      Instance: new (
        module: object,
        imports: object,
      ) => { exports: { work(thread: number, threads: number): void } }
    }
    performance: { now(): number }
  }
  const words = new Int32Array(memory.buffer, control, layout.table + 2 * layout.tableLength)
  const programs: ({ address: number; work(thread: number, threads: number): void } | undefined)[] = []

  /** A worker runs kernels only: what a program imports beside the memory belongs to the main thread. */
  const instantiate = (address: number, length: number) => {
    // Growth by another thread shows in the buffer after a growth of our own, of nothing.
    memory.grow(0)
    const module = new scope.WebAssembly.Module(new Uint8Array(memory.buffer, address, length).slice())
    const imports: Record<string, Record<string, unknown>> = {}
    for (const { module: from, name, kind } of scope.WebAssembly.Module.imports(module)) {
      imports[from] ??= {}
      imports[from][name] =
        kind === 'memory'
          ? memory
          : () => {
              throw new Error(`${from}.${name} was called on a worker`)
            }
    }
    const { work } = new scope.WebAssembly.Instance(module, imports).exports
    return { address, work }
  }

  const catchUp = () => {
    const version = Atomics.load(words, layout.version)
    if (Atomics.load(words, layout.caughtUp + thread) === version) return
    for (let id = 0; id < layout.tableLength; id++) {
      const entry = layout.table + 2 * id
      const length = Atomics.load(words, entry + 1)
      const address = Atomics.load(words, entry)
      // An entry that changes just now changes the version too: it is read again then.
      if (length !== Atomics.load(words, entry + 1)) continue
      if (length === 0) programs[id] = undefined
      else if (programs[id]?.address !== address) programs[id] = instantiate(address, length)
    }
    Atomics.store(words, layout.caughtUp + thread, version)
  }

  let seen = Atomics.load(words, layout.signal)
  for (;;) {
    catchUp()
    const until = scope.performance.now() + patience
    let looks = 0
    while (Atomics.load(words, layout.signal) === seen) {
      if ((++looks & 63) !== 0 || scope.performance.now() < until) continue
      Atomics.add(words, layout.sleepers, 1)
      Atomics.wait(words, layout.signal, seen)
      Atomics.sub(words, layout.sleepers, 1)
    }
    seen = Atomics.load(words, layout.signal)
    const threads = seen & 0xff
    if (thread < threads) programs[Atomics.load(words, layout.program)]!.work(thread, threads)
  }
}
