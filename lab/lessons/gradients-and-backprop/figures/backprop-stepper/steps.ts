// The nine positions of the walk: what each computes, as a line of code and in words.
import { show } from '../../../../src/lib/figure/format.ts'
import { signInWords } from '../../../../src/lib/figure/quantities.ts'
import type { Edge, Request, Walk } from '../backprop-stepper.ts'

/** Positions of the walk. Forward 0 to 3, backward 4 to 8. */
export const at = {
  request: 0,
  prediction: 1,
  error: 2,
  loss: 3,
  seed: 4,
  toError: 5,
  toPrediction: 6,
  toPrompt: 7,
  toQueue: 8,
} as const

export const stepCount = 9

/** How many positions the forward pass has. */
export const forwardCount = 4

/** The position at which an edge carries its signal. */
export const backOver: Readonly<Record<Edge, number>> = {
  error: at.toError,
  prediction: at.toPrediction,
  prompt: at.toPrompt,
  queue: at.toQueue,
}

export interface CodeLine {
  readonly step: number
  readonly code: string
  readonly value: number
}

const number = (value: number) => show(value, 4)
/** A number as a factor or behind a minus: negative ones in brackets. */
export const term = (value: number) => (value < 0 ? `(${number(value)})` : number(value))

/** The program, line by line, with the value that each line computes. */
export function program({ flipped }: Request, { prediction, error, loss, signals }: Walk): CodeLine[] {
  return [
    { step: at.prediction, code: 'prediction = wPrompt * xPrompt + wQueue * xQueue', value: prediction },
    { step: at.error, code: flipped ? 'error = y - prediction' : 'error = prediction - y', value: error },
    { step: at.loss, code: 'loss = error ** 2', value: loss },
    { step: at.seed, code: 'dLoss = 1', value: signals.error.upstream },
    { step: at.toError, code: 'dError = dLoss * (2 * error)', value: signals.error.product },
    {
      step: at.toPrediction,
      code: `dPrediction = dError * ${flipped ? '-1' : '1'}`,
      value: signals.prediction.product,
    },
    { step: at.toPrompt, code: 'dPrompt = dPrediction * xPrompt', value: signals.prompt.product },
    { step: at.toQueue, code: 'dQueue = dPrediction * xQueue', value: signals.queue.product },
  ]
}

/** A position's name, short: what the stepper says. */
export function nameOf(position: number, flipped: boolean): string {
  const names = [
    'the request and the weights',
    'forward: predict',
    `forward: error = ${flipped ? 'y − prediction' : 'prediction − y'}`,
    'forward: loss = error²',
    'backward: start at the loss with 1',
    'backward: from loss to error',
    'backward: from error to prediction',
    'backward: from prediction to w_prompt',
    'backward: from prediction to w_queue',
  ]
  return names[position] ?? ''
}

/** A position in a sentence or two. */
export function sentenceAt(position: number, request: Request, now: Walk): string {
  const { wPrompt, wQueue, xPrompt, xQueue, y, flipped } = request
  const { prediction, error, loss, signals } = now
  const carried = ({ upstream, local, product }: Walk['signals'][Edge]) =>
    `${number(upstream)} arrives, times ${term(local)}, is ${number(product)}`
  const settled = (edge: Edge, weight: string) => {
    const { product } = signals[edge]
    if (product === 0) return `The gradient of ${weight} is 0.`
    const way = product > 0 ? 'lowering' : 'raising'
    return `That is the gradient of ${weight}, ${signInWords(product)}: ${way} ${weight} lowers the loss.`
  }
  const sentences = [
    'Nothing is computed yet. Here are the two weights and the features of one request.',
    `Forward: prediction = ${term(wPrompt)} · ${number(xPrompt)} + ${term(wQueue)} · ${number(xQueue)} = ${number(prediction)}. Its local derivatives are the features, ${number(xPrompt)} and ${number(xQueue)}: keep them for the way back.`,
    flipped
      ? `Forward: error = ${number(y)} − ${term(prediction)} = ${number(error)}. When the prediction grows, this error shrinks as much: local derivative ${number(signals.prediction.local)}.`
      : `Forward: error = ${number(prediction)} − ${number(y)} = ${number(error)}. A change of the prediction passes on as it is: local derivative ${number(signals.prediction.local)}.`,
    `Forward: loss = ${term(error)}² = ${number(loss)}. Its local derivative is 2 · error = ${number(signals.error.local)}. The forward pass is done; every edge has kept its local derivative.`,
    'Backward starts at the loss, with 1: the loss moves exactly as far as itself.',
    `Backward over the square: ${carried(signals.error)}.`,
    `Backward over the subtraction: ${carried(signals.prediction)}.`,
    `Backward to the prompt weight: ${carried(signals.prompt)}. ${settled('prompt', 'w_prompt')}`,
    `Backward to the queue weight: ${carried(signals.queue)}. ${settled('queue', 'w_queue')} The first two factors were used again, not computed again.`,
  ]
  return sentences[position] ?? ''
}
