// Times both racers in short slices, so that the page stays awake, and says when it had to give up.
import { byNudge, byWalk, course, passesByNudges, sizes } from '../cost-race.ts'

export interface Lap {
  readonly parameters: number
  /** Seconds for one gradient by one walk: forward and backward. */
  readonly walk: number
  /** Seconds for one gradient by nudges, all weights: measured whole, or worked out from the share that was run. */
  readonly nudges: number
  /** The share of the nudges that was run before the time was up: 1 is all of them. */
  readonly share: number
}

export interface Clock {
  /** Milliseconds. */
  now(): number
  /** Lets the page breathe; false to stop the race. */
  pause(): Promise<boolean>
}

export interface Patience {
  /** Milliseconds for the walks, and for the nudges, of one size. */
  readonly walk: number
  readonly nudges: number
  readonly slice: number
}

export const patience: Patience = { walk: 120, nudges: 1000, slice: 10 }

/** Runs every size; `onlap` hears each result, `onprogress` how far the nudges have come. */
export async function race(
  clock: Clock,
  onlap: (lap: Lap) => void,
  onprogress: (parameters: number, passes: number) => void = () => {},
  { walk, nudges, slice }: Patience = patience,
): Promise<void> {
  // The first runs of a program are slow in every browser: they do not count.
  const warm = course(100)
  if ((await repeat(clock, walk, slice, i => (i % 2 === 0 ? byWalk(warm) : byNudge(warm, i % 100)))) === null)
    return
  for (const parameters of sizes) {
    const on = course(parameters)
    const walked = await repeat(clock, walk, slice, () => byWalk(on))
    if (walked === null) return
    const before = on.passes()
    const nudged = await repeat(
      clock,
      nudges,
      slice,
      i => byNudge(on, i % parameters),
      i => {
        onprogress(parameters, Math.min(on.passes() - before, passesByNudges(parameters)))
        return i >= Math.max(parameters, 20)
      },
    )
    if (nudged === null) return
    onlap({
      parameters,
      walk: walked.each,
      nudges: nudged.each * parameters,
      share: Math.min(1, nudged.count / parameters),
    })
  }
}

interface Repeated {
  readonly count: number
  /** Seconds for one. */
  readonly each: number
}

/** Does something again and again until `budget` milliseconds of work are spent, or `enough` says so. */
async function repeat(
  clock: Clock,
  budget: number,
  slice: number,
  act: (i: number) => unknown,
  enough: (count: number) => boolean = () => false,
): Promise<Repeated | null> {
  let [spent, count] = [0, 0]
  do {
    const start = clock.now()
    let passed = 0
    do {
      act(count++)
      passed = clock.now() - start
    } while (passed < slice)
    spent += passed
    if (!(await clock.pause())) return null
  } while (spent < budget && !enough(count))
  return { count, each: spent / count / 1000 }
}
