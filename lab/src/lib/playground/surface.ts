// What the network answers over the whole plane (two inputs), or along the line (one input).
import type { DataSet } from './spec.ts'
import type { Trainer } from './trainer.ts'

export interface Extent {
  readonly low: number
  readonly high: number
}

/** The range of input column `c`, with a margin, so that no point lies on the border. */
export function extentOf(data: DataSet, c: number): Extent {
  const numbers = data.examples.map(example => example.inputs[c] as number)
  return padded(numbers, data.standardise || data.name === 'lesson' ? 0.1 : 0.05, -1, 1)
}

export function targetExtent(data: DataSet): Extent {
  return padded(
    data.examples.map(example => example.target),
    0.15,
    -1,
    1,
  )
}

function padded(numbers: readonly number[], share: number, low: number, high: number): Extent {
  if (numbers.length === 0) return { low, high }
  const least = Math.min(...numbers)
  const most = Math.max(...numbers)
  const room = (most - least || 1) * share
  return { low: least - room, high: most + room }
}

/** The axes of the drawing: the inputs, or what is predicted against what is true. */
export function axesOf(data: DataSet): { readonly across: Extent; readonly down: Extent } {
  const inputs = data.columns.length
  return {
    across: inputs > 2 ? targetExtent(data) : extentOf(data, 0),
    down: inputs === 2 ? extentOf(data, 1) : targetExtent(data),
  }
}

/** Points of the surface across, and down. */
export const resolution = 44

/**
 * The surface as a picture, row by row from the top left: where each answer stands between the two ends, from 0 to 255. Empty
 * where there are not two inputs.
 */
export function sharesOf(trainer: Trainer): Uint8ClampedArray {
  const { data } = trainer
  if (data.columns.length !== 2) return new Uint8ClampedArray(0)
  const { across, down } = axesOf(data)
  const ends = data.task === 'classification' ? { low: 0, high: 1 } : targetExtent(data)
  const points: number[][] = []
  for (let r = 0; r < resolution; r++) {
    const b = down.high - ((r + 0.5) / resolution) * (down.high - down.low)
    for (let c = 0; c < resolution; c++)
      points.push([across.low + ((c + 0.5) / resolution) * (across.high - across.low), b])
  }
  // The array clamps and rounds; NaN becomes 0.
  return Uint8ClampedArray.from(
    trainer.predict(points),
    answer => (255 * (answer - ends.low)) / (ends.high - ends.low),
  )
}

/** Answers at `count` evenly spaced inputs. */
export function curve(trainer: Trainer, across: Extent, count: number): { x: number; y: number }[] {
  const xs = Array.from(
    { length: count },
    (_, i) => across.low + (i / (count - 1)) * (across.high - across.low),
  )
  const ys = trainer.predict(xs.map(x => [x]))
  return xs.map((x, i) => ({ x, y: ys[i]! }))
}
