// The one rule of every mastery check: strictly more than three quarters of the answers are right. Whoever asks whether a
// check is passed asks here, and nobody believes a record that says so by itself.

/** The share that must be exceeded. */
export const PASS = 0.75

/** Of eight, seven pass and six do not. */
export const passes = (right: number, of: number): boolean => right > PASS * of

/** The fewest right answers that pass. */
export const needed = (of: number): number => Math.floor(PASS * of) + 1
