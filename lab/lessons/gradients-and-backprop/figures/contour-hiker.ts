// The model of the figure "Contour hiker": descent over two weights, on the loss of the four-row table.
import { bowlOf, descend, gradientIn, lossOver, type Pair, table } from './valley/bowl.ts'

export const bowl = bowlOf(table)
const loss = lossOver(table)

/** Where the figure's hiker stands at first, where the lesson's loop starts, and the loop's rate. */
export const start: Pair = [0, 3]
export const lessonStart: Pair = [0, 0]
export const lessonRate = 0.03
export const slowest = 0.005
export const fastest = 0.12
export const mostSteps = 200

export interface Stand {
  readonly loss: number
  readonly gradient: Pair
  readonly length: number
  /** The direction downhill, and to the bottom, in degrees counted from the prompt weight's axis. */
  readonly downhill: number
  readonly toBottom: number
  /** The angle between the two, 0 to 180. */
  readonly apart: number
}

/** What the hiker can know at a place, and the way that would be right. */
export function standAt(w: Pair): Stand {
  const gradient = gradientIn(bowl, w)
  const downhill = degrees([-gradient[0], -gradient[1]])
  const toBottom = degrees([bowl.bottom[0] - w[0], bowl.bottom[1] - w[1]])
  const turn = Math.abs(downhill - toBottom)
  return {
    loss: loss(w),
    gradient,
    length: Math.hypot(...gradient),
    downhill,
    toBottom,
    apart: Math.min(turn, 360 - turn),
  }
}

/** The walk from `w`, stopped early when it has left every map. */
export function hike(w: Pair, rate: number, steps: number): Pair[] {
  const path = descend(bowl, w, rate, steps)
  const gone = path.findIndex(([p, q]) => !(Math.hypot(p, q) < 1e6))
  return gone < 0 ? path : path.slice(0, gone)
}

/** The loss after the whole walk, by the engine. */
export function lossAfter(path: readonly Pair[]): number {
  return loss(path.at(-1)!)
}

/** The bottom and the rate where the walk is lost, to tell. */
export const bottom: Pair = [tidy(bowl.bottom[0]), tidy(bowl.bottom[1])]

/** A direction in words, as on a map. */
export function inWords(angle: number): string {
  const names = [
    'to the right',
    'right and up',
    'up',
    'left and up',
    'to the left',
    'left and down',
    'down',
    'right and down',
  ]
  return names[Math.round(((angle + 360) % 360) / 45) % 8]!
}

function degrees([p, q]: Pair): number {
  return (Math.atan2(q, p) * 180) / Math.PI
}

function tidy(value: number): number {
  return Number(value.toPrecision(12))
}
