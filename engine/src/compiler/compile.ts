// `compile`: a function of tensors that is traced once for each kind of arguments, and from then on runs as one
// WebAssembly program.
import { ArgumentError, CompileError } from '../base/errors.ts'
import { checkOptions } from '../base/options.ts'
import { describe, formatShape } from '../base/shape.ts'
import { activeTracks, isInterpreted } from '../core/bind.ts'
import { orUndo } from '../core/journal.ts'
import { tracer, Value } from '../core/value.ts'
import { refusePromise } from '../tensor/modes.ts'
import { Tensor } from '../tensor/tensor.ts'
import { features } from '../wasm/features.ts'
import { fingerprint } from './frozen.ts'
import { changes, type Graph, printGraph } from './graph.ts'
import { History } from './history.ts'
import { optimise } from './passes/index.ts'
import { now, Program, runEagerly, type Stats } from './program.ts'
import { say, sayOnce } from './say.ts'
import { printSchedule } from './schedule.ts'
import { accepts, type Signature, signatureOf } from './signature.ts'
import { Trace } from './trace.ts'
import { isBranch, leavesOf, mapTree } from './tree.ts'

export interface CompileOptions {
  /**
   * 'passes' prints the graph after every pass. 'frozen' traces at every call, too, and throws if the graph has changed:
   * JavaScript values that the function reads are frozen when it is traced.
   */
  readonly debug?: 'passes' | 'frozen'
}

export interface CompiledFunction<Args extends readonly unknown[], Result> {
  (...args: Args): Result
  /** About the program that ran last. */
  stats(): CompiledStats
  /** The schedule of the program that ran last. */
  toString(): string
}

export interface CompiledStats extends Stats {
  /** Programs compiled, one for each kind of arguments. */
  readonly programs: number
  /** Calls whose loss or gradients were not finite, and which therefore assigned nothing. */
  readonly skipped: number
}

/** A signature's worth of compilations that hint at a mistake. */
const many = 16

/** A leaf of what a call gives back: a result of the program, an argument, or what was there before. A class, so that trees take it for a leaf. */
class ResultLeaf {
  readonly from: 'output' | 'argument' | 'value'
  readonly at: number
  readonly value: unknown

  constructor(from: ResultLeaf['from'], at: number, value?: unknown) {
    this.from = from
    this.at = at
    this.value = value
  }
}

interface Compilation {
  readonly program: Program
  /** How derivatives go through the results; null where none can, or will. */
  readonly history: History | null
  /** The result with its leaves replaced; null where the result is one tensor. */
  readonly result: unknown
  readonly printed: readonly string[] | null
  /** Arguments that the program has by reference. */
  readonly fixed: ReadonlySet<unknown>
}

/**
 * `f`, compiled. It is traced at the first call with arguments of new shapes or dtypes; tensors it uses from outside are
 * read at each call, and those it assigns are written. Numbers among the arguments may change from call to call.
 */
export function compile<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  options: CompileOptions = {},
): CompiledFunction<Args, Result> {
  if (typeof f !== 'function')
    throw new ArgumentError(`compile: expected a function, got ${describe(f)}; write compile(() => ...)`)
  checkOptions('compile', options, ['debug'])
  const { debug } = options
  if (debug !== undefined && debug !== 'passes' && debug !== 'frozen')
    throw new ArgumentError(`compile: debug is ${describe(debug)}; it is 'passes' or 'frozen'`)
  const compiler = new Compiler(f as (...args: readonly unknown[]) => unknown, options)
  const compiled = (...args: Args): Result => compiler.call(args) as Result
  return Object.assign(compiled, {
    stats: () => compiler.stats(),
    toString: () => compiler.print(),
  })
}

class Compiler {
  readonly #f: (...args: readonly unknown[]) => unknown
  readonly #options: CompileOptions
  readonly #compilations: Compilation[] = []
  #last: Compilation | null = null
  /** Whether the function has been found to do what no program can. */
  #eager = false
  /** Arguments through which a derivative inside goes on, so that the function has to run on the eager engine. */
  readonly #inline: Signature[] = []

  constructor(f: (...args: readonly unknown[]) => unknown, options: CompileOptions) {
    this.#f = f
    this.#options = options
  }

  call(args: readonly unknown[]): unknown {
    const tracks = activeTracks()
    // Inside another trace the function simply runs, and so it does where somebody watches every operation.
    if (tracer !== null) return this.#f(...args)
    if (this.#eager || tracks > 1 || isInterpreted()) return this.#runEagerly(args)
    const leaves = flat(args)
    let last = this.#last
    if (last === null || !last.program.fits(args, leaves, tracks)) {
      if (!canRun() || this.#inline.some(s => accepts(s, args, leaves))) return this.#runEagerly(args)
      const found =
        this.#compilations.find(c => c.program.fits(args, leaves, tracks)) ??
        this.#compile(args, leaves, tracks)
      if (found === null) return this.#runEagerly(args)
      last = found
      this.#last = last
    }
    if (this.#options.debug === 'frozen') this.#compareTrace(last, args)
    const { history } = last
    const random = history === null ? null : history.random()
    const outputs = last.program.run(leaves)
    if (outputs === runEagerly) return this.#runFailed(args, last.program)
    if (history !== null && !history.lost) history.remember(outputs, leaves, random)
    if (last.result === null) return outputs[0]
    return mapTree(last.result, leaf => {
      const { from, at, value } = leaf as ResultLeaf
      return from === 'output' ? outputs[at] : from === 'argument' ? leaves[at] : value
    })
  }

  /** Runs the function itself. As with a program, a call that throws leaves the state as it was. */
  #runEagerly(args: readonly unknown[]): unknown {
    return orUndo(() => this.#f(...args))
  }

  /** A call that failed: the eager engine says best what is wrong with it, and where it finds nothing, the program does. */
  #runFailed(args: readonly unknown[], program: Program): unknown {
    const { failure } = program
    program.failure = null
    return orUndo(() => {
      const result = this.#f(...args)
      if (failure !== null) throw failure.error
      return result
    })
  }

  #trace(args: readonly unknown[], fixed: ReadonlySet<unknown>) {
    const trace = new Trace(flat(args))
    let position = 0
    const tensors = new Map<Tensor, Tensor>()
    const standIns = new Map<unknown, number>()
    const traced = args.map(arg =>
      mapTree(arg, leaf => {
        const own = position++
        if (fixed.has(leaf) || (!(leaf instanceof Tensor) && typeof leaf !== 'number')) return leaf
        const known = leaf instanceof Tensor ? tensors.get(leaf) : undefined
        if (known !== undefined) return known
        const standIn = trace.argument(own, leaf instanceof Tensor ? leaf : null)
        standIns.set(standIn, own)
        if (leaf instanceof Tensor) tensors.set(leaf, standIn)
        return standIn
      }),
    )
    const outputs: Value[] = []
    const values: unknown[] = []
    const result = this.#attempt(trace, traced)
    if (trace.abandonedFor !== null) return null
    const template = mapTree(result, (leaf): ResultLeaf => {
      const argument = standIns.get(leaf)
      if (argument !== undefined) return new ResultLeaf('argument', argument)
      if (!(leaf instanceof Value) || !trace.made(leaf)) {
        values.push(leaf)
        return new ResultLeaf('value', 0, leaf)
      }
      const known = outputs.indexOf(leaf)
      return new ResultLeaf('output', known >= 0 ? known : outputs.push(leaf) - 1)
    })
    const single = !isBranch(result) && outputs.length === 1
    return { trace, graph: trace.finish(outputs), outputs, result: single ? null : template, values }
  }

  /** Traces the function; where it does what no program can, says so and lets it run on the eager engine from now on. */
  #attempt(trace: Trace, args: readonly unknown[]): unknown {
    try {
      return trace.run(() => refusePromise('compile', this.#f(...args)))
    } catch (error) {
      if (trace.abandonedFor === null) throw error
      return null
    } finally {
      if (trace.abandonedFor !== null && !trace.onlyHere) {
        this.#eager = true
        sayOnce(`compile: a function that uses ${trace.abandonedFor} runs on the eager engine`)
      }
    }
  }

  #compile(
    args: readonly unknown[],
    leaves: readonly unknown[],
    tracks: number,
    fixed: ReadonlySet<unknown> = new Set(),
  ): Compilation | null {
    if (leaves.some(x => ArrayBuffer.isView(x))) {
      throw new CompileError(
        'compile: a typed array among the arguments would be read once and for all when the function is traced; pass a tensor of it, tensor(array)',
      )
    }
    const since = now()
    const made = this.#trace(args, fixed)
    if (made === null) {
      if (!this.#eager) this.#inline.push(signatureOf(args, leaves, fixed))
      return null
    }
    const { trace, graph: traced, outputs, result, values } = made
    // An argument that the function also has from outside, and changes, is one tensor and not two.
    const outside = new Set<unknown>(changes(traced) ? trace.outside() : [])
    const both = leaves.filter(x => outside.has(x) && !fixed.has(x))
    if (both.length > 0) return this.#compile(args, leaves, tracks, new Set([...fixed, ...both]))
    const prints = this.#options.debug === 'passes'
    if (prints) say(`as traced\n${printGraph(traced)}`)
    const graph = optimise(
      traced,
      prints ? (name: string, after: Graph) => say(`after: ${name}\n${printGraph(after)}`) : undefined,
    )
    const signature = signatureOf(args, leaves, fixed)
    const history = trace.results.some(r => r.live)
      ? new History({
          trace,
          outputs,
          specs: signature.leaves,
          standIns: trace.standIns(),
          written: new Set<unknown>(
            traced.writes.map(({ leaf }) => ('captured' in leaf ? leaf.captured : leaf.argument)),
          ),
        })
      : null
    trace.lost = history?.lost === true
    const program = new Program(signature, graph, trace, tracks, since)
    if (prints) say(printSchedule(program))
    const printed = this.#options.debug === 'frozen' ? fingerprint(traced, values) : null
    const compilation = { program, history, result, printed, fixed }
    this.#compilations.push(compilation)
    if (this.#compilations.length === many) {
      sayOnce(
        `compile: a function has been compiled ${many} times, for ${many} kinds of arguments (the last: ${leaves.map(kindOf).join(', ')}). ` +
          "Each new shape compiles again: pad to a few sizes, pass changing numbers as numbers, and assign() to a module's tensors instead of replacing them",
      )
    }
    return compilation
  }

  #compareTrace(compilation: Compilation, args: readonly unknown[]): void {
    const made = this.#trace(args, compilation.fixed)
    if (made === null) return
    const { graph, values } = made
    const before = compilation.printed ?? []
    const after = fingerprint(graph, values)
    const longest = Math.max(before.length, after.length)
    let at = 0
    while (at < longest && after[at] === before[at]) at++
    if (at === longest) return
    throw new CompileError(
      `compile: the function gives another graph than when it was traced, so it reads a JavaScript value that has changed and is frozen in the program. ` +
        `Then: ${before[at]?.slice(0, 300) ?? 'nothing'}; now: ${after[at]?.slice(0, 300) ?? 'nothing'}. Pass the value as an argument, or keep it in a tensor`,
    )
  }

  stats(): CompiledStats {
    const { program } = this.#ran()
    return { ...program.stats, programs: this.#compilations.length, skipped: program.skipped }
  }

  print(): string {
    return this.#last === null
      ? 'a compiled function that has not run yet'
      : printSchedule(this.#last.program)
  }

  #ran(): Compilation {
    if (this.#last !== null) return this.#last
    throw new CompileError(
      'stats: no compiled program has run yet: the function has not been called, or only where it runs eagerly (inside grad and other derivatives, explain, another compiled function)',
    )
  }
}

/** The leaves of the arguments: the arguments themselves, unless some branch. */
function flat(args: readonly unknown[]): readonly unknown[] {
  for (let i = 0; i < args.length; i++) {
    if (!isBranch(args[i])) continue
    const leaves: unknown[] = []
    for (const arg of args) leavesOf(arg, leaf => leaves.push(leaf))
    return leaves
  }
  return args
}

/** Whether compiled programs can run here. */
function canRun(): boolean {
  if (features().simd) return true
  sayOnce('compile: this runtime has no WebAssembly SIMD, so compiled functions run on the eager engine')
  return false
}

function kindOf(x: unknown): string {
  return x instanceof Value ? `${x.dtype}${formatShape(x.shape)}` : describe(x)
}
