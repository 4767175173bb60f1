// An estimate cut where its digits stop being those of the truth, and powers of ten as people write them.
import { scientific } from '../../../../src/lib/figure/format.ts'

export interface Digits {
  readonly right: string
  readonly wrong: string
  /** How many digits agree. */
  readonly count: number
}

const places = 12

/** The digits of `estimate` up to the first that is not the one of `truth`, and the rest. */
export function agreeing(estimate: number, truth: number): Digits {
  const [text, wanted] = [estimate, truth].map(value => value.toFixed(places).replace('-', '−')) as [
    string,
    string,
  ]
  let cut = 0
  while (cut < text.length && text[cut] === wanted[cut]) cut++
  const right = text.slice(0, cut)
  return { right, wrong: text.slice(cut), count: right.replace(/\D/g, '').length }
}

/** 1.5·10⁻³, and 10⁻³ rather than 1·10⁻³. */
export function power(value: number): string {
  return scientific(value, 2).replace(/^1·/, '')
}
