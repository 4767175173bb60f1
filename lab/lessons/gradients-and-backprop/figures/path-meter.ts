// The model of the figure "Where paths meet": one weight serves both features, so two paths lead from it to the loss.
// The right answer is the engine's; two other ways to bring the paths together are planted bugs.
import { grad, noGrad, type Tensor, tensor } from 'chainrule'

export const xPrompt = 2
export const xQueue = 1
export const y = 5

export const start = 2
export const low = 1.5
export const high = 2.5

export type Path = 'prompt' | 'queue'
export type Rule = 'add' | 'overwrite' | 'average'

/** The paths in the order in which the backward pass reaches the weight. */
export const paths: readonly Path[] = ['prompt', 'queue']
const features: Readonly<Record<Path, number>> = { prompt: xPrompt, queue: xQueue }
const nudge = 1e-5

export interface Meter {
  readonly prediction: number
  readonly error: number
  readonly loss: number
  /** What arrives at the prediction: d loss / d prediction. */
  readonly upstream: number
  /** What each path brings to the weight, cut or not. */
  readonly signals: Readonly<Record<Path, number>>
  /** What each path adds to the engine's answer: 0 when it is cut or lost. */
  readonly shares: Readonly<Record<Path, number>>
  readonly answer: number
  /** The centred difference of the loss. It knows no paths. */
  readonly nudged: number
}

/** What the engine answers at weight `w` under `rule`, with only the paths of `whole` not cut, and what a nudge says. */
export function measure(w: number, rule: Rule, whole: readonly Path[]): Meter {
  const weight = tensor(w, { dtype: 'float64', requiresGrad: true })
  const prediction = forward(weight, paths)
  const error = prediction.sub(y)
  const loss = error.square()
  const [upstream] = grad(loss, [prediction], { retainGraph: true })
  const signals = { prompt: alone(weight, 'prompt'), queue: alone(weight, 'queue') }
  const shares = sharesUnder[rule](signals, whole)
  return {
    prediction: prediction.item(),
    error: error.item(),
    loss: loss.item(),
    upstream: plain(upstream!.item()),
    signals,
    shares,
    answer: rule === 'add' ? gradientThrough(weight, whole) : shares.prompt + shares.queue,
    nudged: (lossAt(w + nudge) - lossAt(w - nudge)) / (2 * nudge),
  }
}

/** The prediction; a path that is not in `whole` still carries its value, but leads no gradient back. */
function forward(weight: Tensor, whole: readonly Path[]): Tensor {
  const [prompt, queue] = paths.map(path =>
    (whole.includes(path) ? weight : weight.detach()).mul(features[path]),
  )
  return prompt!.add(queue!)
}

function gradientThrough(weight: Tensor, whole: readonly Path[]): number {
  if (whole.length === 0) return 0
  const [gradient] = grad(forward(weight, whole).sub(y).square(), [weight])
  return plain(gradient!.item())
}

const alone = (weight: Tensor, path: Path) => gradientThrough(weight, [path])

function lossAt(w: number): number {
  return noGrad(() =>
    forward(tensor(w, { dtype: 'float64' }), paths)
      .sub(y)
      .square()
      .item(),
  )
}

type Signals = Readonly<Record<Path, number>>

const sharesUnder: Readonly<Record<Rule, (signals: Signals, whole: readonly Path[]) => Signals>> = {
  add: (signals, whole) => each(path => (whole.includes(path) ? signals[path] : 0)),
  overwrite: plantedLastWriteWins,
  average: plantedAverage,
}

/** Planted bug: `=` in place of `+=`. The path that comes last is the only one left. */
function plantedLastWriteWins(signals: Signals, whole: readonly Path[]): Signals {
  const last = paths.filter(path => whole.includes(path)).at(-1)
  return each(path => (path === last ? signals[path] : 0))
}

/** Planted bug: the paths share the weight, so their signals are averaged. */
function plantedAverage(signals: Signals, whole: readonly Path[]): Signals {
  return each(path => (whole.includes(path) ? signals[path] / whole.length : 0))
}

function each(of: (path: Path) => number): Signals {
  return { prompt: of('prompt'), queue: of('queue') }
}

/** Zero without a sign. */
function plain(value: number): number {
  return value === 0 ? 0 : value
}
