// What the path meter says: the rules by name, the engine's answer, and the nudge's verdict on it.
import { show } from '../../../../src/lib/figure/format.ts'
import type { Meter, Path, Rule } from '../path-meter.ts'

export interface RuleName {
  readonly key: Rule
  readonly name: string
  readonly code: string
  readonly bug: boolean
}

export const rules: readonly RuleName[] = [
  { key: 'add', name: 'adds', code: 'grad += signal', bug: false },
  { key: 'overwrite', name: 'keeps the last', code: 'grad = signal', bug: true },
  { key: 'average', name: 'averages', code: 'grad = mean(signals)', bug: true },
]

const number = (value: number) => show(value, 3)

/** What the paths bring, and what the engine makes of it. */
export function answerInWords({ signals, answer }: Meter, rule: Rule, whole: readonly Path[]): string {
  const [first, second] = whole
  if (first === undefined)
    return `Both paths are cut: no signal reaches w, and the engine answers ${number(answer)}.`
  if (second === undefined) {
    return `Only the ${first} path brings a signal, ${number(signals[first])}; the engine answers ${number(answer)}.`
  }
  const brought = `The ${first} path brings ${number(signals[first])}, the ${second} path ${number(signals[second])}.`
  const made: Readonly<Record<Rule, string>> = {
    add: `The engine adds: ${number(answer)}.`,
    overwrite: `The engine lets the last write win, and the ${first} path is lost: ${number(answer)}.`,
    average: `The engine averages: ${number(answer)}.`,
  }
  return `${brought} ${made[rule]}`
}

/** What the nudge says of the answer. It moves w itself, and so goes along every path, cut or not. */
export function verdictInWords({ answer, nudged }: Meter): string {
  const said = `The nudge, which moves w and measures the loss, says ${number(nudged)}`
  if (Math.abs(answer - nudged) < 1e-6) return `${said}. They agree.`
  if (Math.abs(nudged) < 1e-6) return `${said}, and the engine does not.`
  return `${said}. The engine’s answer is ${show(answer / nudged, 2)} times that: a path is missing or shared out.`
}
