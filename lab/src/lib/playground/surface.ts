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

/** `resolution` × `resolution` answers, row by row from the top left, as a picture is read. */
export function surface(trainer: Trainer, across: Extent, down: Extent, resolution: number): number[] {
  const rows: number[][] = []
  for (let r = 0; r < resolution; r++) {
    const b = down.high - ((r + 0.5) / resolution) * (down.high - down.low)
    for (let c = 0; c < resolution; c++)
      rows.push([across.low + ((c + 0.5) / resolution) * (across.high - across.low), b])
  }
  return trainer.predict(rows)
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
