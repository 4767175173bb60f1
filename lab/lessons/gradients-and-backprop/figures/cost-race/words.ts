// Counts and times as people say them, and how a time goes on beyond what was measured.
import type { Lap } from './stopwatch.ts'

/** 2000 as 2,000; from a million on in words. */
export function count(value: number): string {
  for (const [size, name] of [
    [1e12, 'trillion'],
    [1e9, 'billion'],
    [1e6, 'million'],
  ] as const) {
    if (value >= size) return `${Number((value / size).toPrecision(3))} ${name}`
  }
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
}

const units = [
  [365.25 * 86_400, 'year'],
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
] as const

/** A time in the unit that fits it: 0.25 ms, 13 s, 4,300 years. */
export function duration(seconds: number): string {
  const [size, name] = units.find(([size]) => seconds >= size) ?? units[units.length - 1]!
  const amount = Number((seconds / size).toPrecision(2))
  const long = name.length > 2
  return `${amount >= 1000 ? count(amount) : amount} ${name}${long && amount !== 1 ? 's' : ''}`
}

export type Racer = 'walk' | 'nudges'

/** Seconds at a size: between what was timed by the nearest size, beyond it by how passes and their length grow. */
export function timeAt(laps: readonly Lap[], parameters: number, racer: Racer): number {
  const near = laps.reduce((best, lap) =>
    Math.abs(Math.log(lap.parameters / parameters)) < Math.abs(Math.log(best.parameters / parameters))
      ? lap
      : best,
  )
  const times = parameters / near.parameters
  return near[racer] * (racer === 'walk' ? times : times ** 2)
}
