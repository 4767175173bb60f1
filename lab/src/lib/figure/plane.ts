// Data to drawing: the two scales of a figure, with room for its axes.
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale'

export interface Margin {
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly left: number
}

export interface Plane {
  readonly width: number
  readonly height: number
  readonly margin: Margin
  readonly x: ScaleContinuousNumeric<number, number>
  readonly y: ScaleContinuousNumeric<number, number>
}

export interface PlaneOptions {
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
  readonly width?: number
  readonly height?: number
  readonly margin?: Partial<Margin>
  readonly logX?: boolean
  readonly logY?: boolean
}

/** Scales from the data's ranges to a drawing of `width` × `height` user units; y grows upward. */
export function plane(options: PlaneOptions): Plane {
  const { width = 480, height = 300 } = options
  const margin = { top: 14, right: 16, bottom: 42, left: 48, ...options.margin }
  const scale = (log: boolean | undefined) => (log ? scaleLog() : scaleLinear())
  return {
    width,
    height,
    margin,
    x: scale(options.logX)
      .domain([...options.x])
      .range([margin.left, width - margin.right]),
    y: scale(options.logY)
      .domain([...options.y])
      .range([height - margin.bottom, margin.top]),
  }
}
