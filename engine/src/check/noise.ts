// The rounding error of a computed function from a few of its own values: differences of high order wipe out what is
// smooth and leave what is not (Moré and Wild, "Estimating computational noise", 2011).

/** How many equally spaced values `noiseOf` expects. */
export const NOISE_SAMPLES = 7

/**
 * How far apart, as a share of x: near enough for the highest differences to lose the function. Far enough, and not a
 * short binary fraction, so that the rounding errors do not line up.
 */
export const NOISE_SPACING: number = (Math.PI / 3) * 2 ** -13

/**
 * The standard deviation of the rounding error in `samples`, values of a function at equally spaced points: that of
 * the first three orders of difference that agree, else an upper bound from the highest two. NaN where a value is not
 * finite. Throws RangeError for fewer than 5 samples.
 */
export function noiseOf(samples: ArrayLike<number>): number {
  if (samples.length < 5) throw new RangeError(`noiseOf needs at least 5 samples, got ${samples.length}`)
  let differences = Array.from(samples)
  const levels: number[] = []
  let gamma = 1
  for (let order = 1; differences.length > 1; order++) {
    differences = differences.slice(1).map((value, i) => value - differences[i]!)
    // Differences of order k of independent errors have variance (2k)! / (k!)² times theirs.
    gamma *= order / (2 * (2 * order - 1))
    const mean = differences.reduce((sum, value) => sum + value * value, 0) / differences.length
    levels.push(Math.sqrt(gamma * mean))
  }
  if (levels.some(level => !Number.isFinite(level))) return Number.NaN
  // From the third order on: lower ones still hold slope and curvature.
  const tail = levels.slice(2)
  for (let i = 0; i + 1 < tail.length; i++) {
    const near = tail.slice(i, i + 3)
    const [low, high] = [Math.min(...near), Math.max(...near)]
    if (high <= 4 * low) return high
  }
  return Math.max(...tail.slice(-2))
}
