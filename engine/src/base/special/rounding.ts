// Rounding to whole numbers as IEEE 754, NumPy and PyTorch do it. Base layer: plain numbers in, plain numbers out.

/**
 * The nearest whole number, ties to the even one: 0.5 gives 0, 1.5 and 2.5 give 2 (`Math.round` takes ties up).
 * Keeps the sign of zero, the infinities and NaN.
 */
export function roundHalfEven(x: number): number {
  const up = Math.round(x)
  return up - x === 0.5 && up % 2 !== 0 ? up - 1 : up
}
