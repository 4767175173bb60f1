// How many steps an epoch has, and how large each is.

/** Steps in an epoch of `rows` rows. */
export function stepsPerEpoch(rows: number, batch: number): number {
  return Math.max(1, Math.ceil(rows / batch))
}

/** lr at a step: half a cosine wave from the full rate down to nearly nothing, so that the last steps settle. */
export function rateAt(lr: number, step: number, steps: number): number {
  return lr * (0.001 + 0.999 * 0.5 * (1 + Math.cos((Math.PI * step) / steps)))
}
