// The decision surface as a small picture, which the browser scales up.
import { resolution } from './surface.ts'

/** Paints shares from 0 to 255 between the canvas's two colours: its text's and its outline's, as the browser resolves them. */
export function paintShares(canvas: HTMLCanvasElement, shares: Uint8ClampedArray, classes: boolean): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  if (shares.length === 0) {
    context.clearRect(0, 0, resolution, resolution)
    return
  }
  const style = getComputedStyle(canvas)
  const low = numbersOf(style.color)
  const high = numbersOf(style.outlineColor)
  const picture = context.createImageData(resolution, resolution)
  for (const [i, share] of shares.entries()) {
    const t = share / 255
    for (let c = 0; c < 3; c++) picture.data[4 * i + c] = (low[c] ?? 0) * (1 - t) + (high[c] ?? 0) * t
    // Undecided is pale: the border is where both colours fade.
    picture.data[4 * i + 3] = classes ? 40 + 150 * Math.abs(2 * t - 1) : 150
  }
  context.putImageData(picture, 0, 0)
}

/** Red, green and blue of a computed colour, `rgb(11, 99, 87)`. */
function numbersOf(colour: string): readonly number[] {
  return (colour.match(/[\d.]+/g) ?? []).map(Number)
}
