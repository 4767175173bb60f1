// Whether a run takes its steps compiled: where the runtime can, and where it pays.
import { CompileError, compile, type Tensor, tensor } from 'chainrule'
import type { RunSteps, StepMode } from '../run/schema.ts'

/** The size of a training run. */
export interface Workload {
  readonly steps: number
  /** Rows of a step. */
  readonly batch: number
  readonly layers: number
  readonly parameters: number
}

/**
 * Milliseconds of processor time on a 2-core x86-64 machine with Node 20, from runs of 5 to 400 steps with one to three
 * layers of 3 to 256 units, on batches of 8 and 64. Their ratios are what decides.
 */
const COMPILING = { once: 20, eachLayer: 35 }
const EAGER_STEP = { eachLayer: 0.5, eachRowAndParameter: 8e-6 }

/** Whether compiling costs less than it saves. */
export function compilingPays({ steps, batch, layers, parameters }: Workload): boolean {
  const compiling = COMPILING.once + COMPILING.eachLayer * layers
  const step = EAGER_STEP.eachLayer * layers + EAGER_STEP.eachRowAndParameter * batch * parameters
  return steps * step > compiling
}

/**
 * How the steps are to be taken, and why. A resumed run goes on in the way it began, so that it ends with the same bits.
 * @param can asks the runtime, and is asked only where it matters.
 */
export function chooseMode(
  workload: Workload,
  earlier: StepMode | undefined,
  can: () => boolean = canCompile,
): Omit<RunSteps, 'perSecond'> {
  const wanted = earlier ?? (compilingPays(workload) ? 'compiled' : 'eager')
  if (wanted === 'eager') {
    return { mode: 'eager', why: earlier ? 'as the run began' : 'too few to be worth compiling' }
  }
  return can()
    ? { mode: 'compiled', why: null }
    : { mode: 'eager', why: 'this runtime has no WebAssembly SIMD' }
}

/** Whether compiled programs run here, found out by running one. */
function canCompile(): boolean {
  const probe = compile((x: Tensor) => x.add(1))
  probe(tensor(0))
  try {
    return probe.stats().programs > 0
  } catch (error) {
    if (error instanceof CompileError) return false
    throw error
  }
}
