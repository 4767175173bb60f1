// Model and data in the page's address: JSON, base64url, after `#p=`. Nothing leaves the browser (a fragment is not sent),
// and nothing in an address is believed before it has been checked against the limits.
import * as v from 'valibot'
import { presetData } from './preset-data.ts'
import { presets } from './presets.ts'
import { activations, type DataSet, defaultModel, limits, type ModelSpec, optimizers } from './spec.ts'

export interface PlaygroundState {
  readonly data: DataSet
  /** The preset that `data` is, unchanged; then only its name is written. */
  readonly preset: string | null
  readonly model: ModelSpec
}

const number = v.pipe(
  v.number(),
  v.check(x => Number.isFinite(x) && Math.abs(x) <= limits.magnitude, 'a number is out of range'),
)
const name = v.pipe(v.string(), v.maxLength(limits.nameLength))
const whole = (low: number, high: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(low), v.maxValue(high))

const modelSchema = v.object({
  hidden: v.pipe(v.array(whole(1, limits.units)), v.maxLength(limits.layers)),
  activation: v.picklist(activations),
  optimizer: v.picklist(optimizers),
  rate: v.pipe(v.number(), v.minValue(limits.rate[0]), v.maxValue(limits.rate[1])),
  batch: whole(0, limits.examples),
  seed: whole(0, 999_999),
})

const dataSchema = v.pipe(
  v.object({
    name,
    task: v.picklist(['regression', 'classification']),
    columns: v.pipe(v.array(name), v.minLength(1), v.maxLength(limits.inputs)),
    target: name,
    standardise: v.boolean(),
    examples: v.pipe(
      v.array(v.object({ inputs: v.array(number), target: number })),
      v.maxLength(limits.examples),
    ),
  }),
  v.check(
    d => d.examples.every(e => e.inputs.length === d.columns.length),
    'a row has more or fewer numbers than there are columns',
  ),
  v.check(
    d => d.task === 'regression' || d.examples.every(e => e.target === 0 || e.target === 1),
    'a class is neither 0 nor 1',
  ),
)

const stateSchema = v.object({ v: v.literal(1), model: modelSchema, data: v.unknown() })

const { layers, units, rate, inputs, nameLength } = limits

/** What is wrong, in a sentence, by where it is; the first that fits, from the most particular. */
const faults: readonly (readonly [place: string, sentence: string])[] = [
  ['model.hidden', `its network has more than ${layers} layers, or a layer without 1 to ${units} units`],
  ['model.activation', `its activation is none of ${activations.join(', ')}`],
  ['model.optimizer', `its optimiser is none of ${optimizers.join(', ')}`],
  ['model.rate', `its learning rate is no number from ${rate[0].toFixed(5)} to ${rate[1]}`],
  ['model.batch', `its rows per step are no whole number from 0 to ${limits.examples}`],
  ['model.seed', 'its seed is no whole number from 0 to 999,999'],
  ['model', 'it does not say what the network is'],
  ['v', 'it was written by another version of this page'],
  [
    'examples',
    `its rows are not up to ${limits.examples} rows of numbers, each of at most a thousand million`,
  ],
  ['columns', `its input columns are not 1 to ${inputs} names of at most ${nameLength} characters`],
  ['target', `the name of its target is missing or longer than ${nameLength} characters`],
  ['name', `the name of its data is missing or longer than ${nameLength} characters`],
  ['task', 'it does not say whether numbers or classes are to be learned'],
  ['standardise', 'it does not say whether its columns are standardised'],
]

/** Longest fragment written or read; browsers and chat programs cut longer addresses. */
const longest = 16_000

/** The fragment for a state, `#p=...`; null where the data are too many for an address. */
export function toFragment({ data, preset, model }: PlaygroundState): string | null {
  const json = JSON.stringify({ v: 1, model, data: preset ?? data })
  const bytes = new TextEncoder().encode(json)
  const text = btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))
  const fragment = `#p=${text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`
  return fragment.length <= longest ? fragment : null
}

/** The state in a fragment; null where there is none; a sentence where it cannot be used. */
export function fromFragment(fragment: string): PlaygroundState | null | { readonly problem: string } {
  if (!fragment.startsWith('#p=')) return null
  const problem = (what: string) => ({
    problem: `The address holds a playground that cannot be opened: ${what}.`,
  })
  if (fragment.length > longest) return problem('it is too long')
  let parsed: unknown
  try {
    const text = atob(fragment.slice(3).replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(text, c => c.charCodeAt(0))
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return problem('it is cut off or damaged')
  }
  const result = v.safeParse(stateSchema, parsed)
  if (!result.success) return problem(sentenceFor(result.issues[0], 'it holds no network and no data'))
  const { model, data } = result.output
  if (typeof data === 'string') {
    const preset = presets.find(p => p.id === data)
    if (preset === undefined) return problem('it names data that are not known here')
    return { data: presetData(preset.id), preset: preset.id, model }
  }
  const own = v.safeParse(dataSchema, data)
  if (!own.success) return problem(sentenceFor(own.issues[0], 'it holds no data'))
  return { data: own.output, preset: null, model }
}

/** For a check of whole data, its own words; else those for the place of the issue. */
function sentenceFor(issue: v.BaseIssue<unknown>, otherwise: string): string {
  if (issue.type === 'check' && issue.path === undefined) return issue.message
  const path = v.getDotPath(issue) ?? ''
  const fault = faults.find(([place]) => path === place || path.startsWith(`${place}.`))
  return fault?.[1] ?? otherwise
}

/** What the page opens with when the address says nothing. */
export function initialState(): PlaygroundState & { readonly preset: string } {
  const preset = presets.find(p => p.id === 'xor')!
  return { data: presetData(preset.id), preset: preset.id, model: { ...defaultModel, ...preset.model } }
}
