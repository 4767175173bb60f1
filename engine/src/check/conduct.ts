// What a function and its gradient owe before any number is compared: the same answer each time, and a gradient that is
// linear in its cotangent.
import type { Pullback, Subject } from './subject.ts'

/** Something that rules out a right gradient. */
export interface Misconduct {
  readonly mistake: string
  /** Flat input element that shows it, null when it is an output. */
  readonly element: number | null
}

const differsAt = (a: Float64Array, b: Float64Array): number =>
  a.findIndex((x, i) => !Object.is(x, b[i]) && x !== b[i])

/** A function whose value at one point is not always the same. */
export function randomForward(subject: Subject): Misconduct | null {
  const again = subject.evaluate(subject.point)
  const at = differsAt(subject.center, again)
  if (at < 0) return null
  return {
    mistake: `the function is random: at the same inputs output element ${at} was ${subject.center[at]}, then ${again[at]}. Fix its random key or seed inside`,
    element: null,
  }
}

/** A gradient that is not reproducible, or not linear in its cotangent. */
export function backwardMisconduct(pullback: Pullback, cotangent: Float64Array): Misconduct | null {
  const once = pullback.pull(cotangent)
  const again = pullback.pull(cotangent)
  const changed = differsAt(once, again)
  if (changed >= 0) {
    return {
      mistake: `the gradient is not reproducible: the same cotangent gave ${once[changed]}, then ${again[changed]}`,
      element: changed,
    }
  }
  const none = pullback.pull(cotangent.map(() => 0))
  // 0 times an infinite slope is NaN, which is another matter.
  const left = none.findIndex(x => x !== 0 && Number.isFinite(x))
  if (left >= 0) {
    return {
      mistake: `the vjp ignores its cotangent: a cotangent of zeros gave ${none[left]} instead of 0`,
      element: left,
    }
  }
  const double = pullback.pull(cotangent.map(x => 2 * x))
  const scale = once.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0)
  const bent = double.findIndex((x, i) => Math.abs(x - 2 * once[i]!) > 1e-9 * scale)
  if (bent < 0) return null
  return {
    mistake: `the vjp is not linear in its cotangent: ${once[bent]} became ${double[bent]} when the cotangent was doubled`,
    element: bent,
  }
}
