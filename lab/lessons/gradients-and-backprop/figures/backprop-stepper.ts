// The model of the figure "Forward, then backward": one row as three operations, every local derivative, and what
// arrives at every quantity on the way back. All of it is read from the engine.
import { grad, tensor } from 'chainrule'

export interface Request {
  readonly wPrompt: number
  readonly wQueue: number
  readonly xPrompt: number
  readonly xQueue: number
  readonly y: number
  /** Whether the error is written as y − prediction. */
  readonly flipped: boolean
}

/** The lesson's row: 200 tokens, queue delay 1, and 5 seconds in truth. */
export const lessonRequest: Request = { wPrompt: 2, wQueue: 2, xPrompt: 2, xQueue: 1, y: 5, flipped: false }

/** The four edges of the graph, by the quantity that they lead back to. */
export type Edge = 'error' | 'prediction' | 'prompt' | 'queue'

export interface Signal {
  /** What arrives from the loss. */
  readonly upstream: number
  /** The edge's own derivative. */
  readonly local: number
  /** What goes on: upstream × local. */
  readonly product: number
}

export interface Walk {
  readonly prediction: number
  readonly error: number
  readonly loss: number
  readonly signals: Readonly<Record<Edge, Signal>>
}

/** One forward and one backward pass. */
export function walk({ wPrompt, wQueue, xPrompt, xQueue, y, flipped }: Request): Walk {
  const leaf = (value: number) => tensor(value, { dtype: 'float64', requiresGrad: true })
  const prompt = leaf(wPrompt)
  const queue = leaf(wQueue)
  const prediction = prompt.mul(xPrompt).add(queue.mul(xQueue)).retainGrad()
  const error = (flipped ? prediction.neg().add(y) : prediction.sub(y)).retainGrad()
  const loss = error.square()

  // Local derivatives: each operation asked alone.
  const [ofError] = grad(loss, [error], { retainGraph: true })
  const [ofPrediction] = grad(error, [prediction], { retainGraph: true })
  const [ofPrompt, ofQueue] = grad(prediction, [prompt, queue], { retainGraph: true })
  // What arrives: the whole walk back.
  loss.backward()

  const at = { error: error.grad, prediction: prediction.grad, prompt: prompt.grad, queue: queue.grad }
  const arrived = (edge: Edge) => plain(at[edge]!.item())
  const signal = (edge: Edge, upstream: number, local: { item(): number }): Signal => ({
    upstream,
    local: plain(local.item()),
    product: arrived(edge),
  })
  return {
    prediction: prediction.item(),
    error: plain(error.item()),
    loss: loss.item(),
    signals: {
      error: signal('error', 1, ofError!),
      prediction: signal('prediction', arrived('error'), ofPrediction!),
      prompt: signal('prompt', arrived('prediction'), ofPrompt!),
      queue: signal('queue', arrived('prediction'), ofQueue!),
    },
  }
}

/** Zero without a sign. */
function plain(value: number): number {
  return value === 0 ? 0 : value
}
