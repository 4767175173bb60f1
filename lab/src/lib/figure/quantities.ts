// The four quantities of every lesson: one colour and one shape each, everywhere, so that neither has to be explained
// twice, and nobody depends on the colour.

export type Quantity = 'value' | 'error' | 'gradient' | 'param'

export interface QuantityLook {
  readonly name: string
  /** The shape as a character, for text. */
  readonly glyph: string
  /** The CSS colour, for `fill`, `stroke` and `color`. */
  readonly colour: string
  /** A faint ground of the same hue. */
  readonly wash: string
}

const look = (name: string, glyph: string, key: Quantity): QuantityLook => ({
  name,
  glyph,
  colour: `var(--q-${key})`,
  wash: `var(--q-${key}-wash)`,
})

export const quantities: Readonly<Record<Quantity, QuantityLook>> = {
  value: look('value', '●', 'value'),
  error: look('error', '■', 'error'),
  gradient: look('gradient', '▲', 'gradient'),
  param: look('parameter', '◆', 'param'),
}

/** The shape of a quantity: a gradient points the way it pulls the loss, ▲ up and ▼ down. */
export function glyphOf(quantity: Quantity, value?: number): string {
  if (quantity === 'gradient' && value !== undefined && value < 0) return '▼'
  return quantities[quantity].glyph
}

/** A sign in words: "positive", "negative" or "zero"; a value that is no number says so. */
export function signInWords(value: number): string {
  if (Number.isNaN(value)) return 'not a number'
  if (value === 0) return 'zero'
  return value > 0 ? 'positive' : 'negative'
}

/** What a slope means for its parameter: in which direction the loss falls. */
export function downhillInWords(slope: number, parameter = 'w'): string {
  if (!Number.isFinite(slope)) return `the slope is ${signInWords(slope)}, so no step can be trusted`
  if (slope === 0) return `the slope is zero: no direction lowers the loss`
  return slope > 0
    ? `the slope is positive: lowering ${parameter} lowers the loss`
    : `the slope is negative: raising ${parameter} lowers the loss`
}
