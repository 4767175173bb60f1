// What a question is: texts, written in the lesson's quiz.yaml, around numbers that its model, in quiz.ts, draws and
// computes. Texts name numbers in braces; options are functions of the same numbers.
import { show } from '../figure/format.ts'

export type Value = number | string | readonly (number | string)[]
export type Vars = Readonly<Record<string, Value>>

export interface QuestionModel<V extends Vars = Vars> {
  /** The numbers of the first presentation. */
  readonly first: V
  /** New numbers. `random` is uniform in [0, 1). */
  draw(random: () => number): V
  /** Further numbers that texts name, computed from those drawn. */
  show?(vars: V): Vars
  answer(vars: V): Value
  /** What each misconception would answer; the option's own id where its text holds no number. */
  readonly distractors: Readonly<Record<string, (vars: V) => Value>>
}

/** Lets each question be written with its own names, and stand in one table with the others. */
export function question<const V extends Vars>(model: QuestionModel<V>): QuestionModel {
  return model as unknown as QuestionModel
}

export interface DistractorText {
  readonly id: string
  readonly text: string
  /** The misconception, named. */
  readonly misconception: string
  readonly why: string
}

export interface QuestionText {
  readonly id: string
  readonly title: string
  /** The heading of the lesson to go back to. */
  readonly section: string
  readonly prompt: string
  readonly answer: string
  readonly why: string
  readonly distractors: readonly DistractorText[]
}

/** The id of the right option; those of the others are their distractors'. */
export const ANSWER = 'answer'

export interface Option {
  readonly id: string
  readonly right: boolean
  readonly text: string
  /** The misconception behind a wrong option; null for the right one. */
  readonly misconception: string | null
  readonly why: string
}

/** A question with its numbers filled in and its options in the order shown. */
export interface PosedQuestion {
  readonly id: string
  readonly title: string
  readonly section: string
  readonly prompt: string
  readonly options: readonly Option[]
}

/** Poses a question with the numbers `vars`; `random` shuffles the options. */
export function pose(
  text: QuestionText,
  model: QuestionModel,
  vars: Vars,
  random: () => number,
): PosedQuestion {
  const named = { ...vars, ...model.show?.(vars) }
  const right = model.answer(vars)
  const shown = (template: string, value: Value) => fill(template, { ...named, answer: right, value })
  const options: Option[] = text.distractors.map(({ id, misconception, text: wording, why }) => {
    const wrong = model.distractors[id]
    if (wrong === undefined) throw new Error(`question ${text.id}: quiz.ts has no distractor "${id}"`)
    const value = wrong(vars)
    return {
      id,
      right: false,
      text: shown(wording, value),
      misconception: shown(misconception, value),
      why: shown(why, value),
    }
  })
  options.push({
    id: ANSWER,
    right: true,
    text: shown(text.answer, right),
    misconception: null,
    why: shown(text.why, right),
  })
  const { id, title, section } = text
  return { id, title, section, prompt: shown(text.prompt, right), options: shuffled(options, random) }
}

/**
 * New numbers whose options all differ. A draw in which two of them coincide (2·1 and 1·2) is thrown away; a model that
 * keeps drawing such falls back on its first numbers.
 */
export function drawn(model: QuestionModel, random: () => number): Vars {
  for (let i = 0; i < 100; i++) {
    const vars = model.draw(random)
    if (distinct(model, vars)) return vars
  }
  return model.first
}

/** Whether no two options have the same value. */
export function distinct(model: QuestionModel, vars: Vars): boolean {
  const wrong = Object.values(model.distractors).map(distractor => distractor(vars))
  return new Set([model.answer(vars), ...wrong].map(formatValue)).size === wrong.length + 1
}

/** Replaces {name} and {name.0} by what they name. A name that is not there throws: a text must not show its braces. */
export function fill(template: string, vars: Vars): string {
  return template.replace(/\{([a-z_][a-z0-9_]*)(?:\.(\d+))?\}/gi, (whole, name: string, at?: string) => {
    const value = Object.hasOwn(vars, name) ? (vars[name] as Value) : undefined
    const part = at === undefined ? value : Array.isArray(value) ? value[Number(at)] : undefined
    if (part === undefined) throw new Error(`no number is called ${whole} in "${template}"`)
    return formatValue(part)
  })
}

export function formatValue(value: Value): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return formatNumber(value)
  return `[${value.map(formatValue).join(', ')}]`
}

/** Twelve digits at most, so that 0.1 + 0.2 reads 0.3; with a minus sign, not a hyphen; powers of ten raised. */
export const formatNumber = (value: number): string => show(Number(value.toPrecision(12)))

/** A shuffled copy. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items]
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[copy[i], copy[j]] = [copy[j] as T, copy[i] as T]
  }
  return copy
}

/** Random numbers that a seed fixes (mulberry32), so that a page and its tests can draw the same question again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** One of the whole numbers from `low` to `high`. */
export const whole = (random: () => number, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1))

export function pick<T>(random: () => number, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T
}
