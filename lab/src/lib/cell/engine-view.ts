// What the engine says of the quantities that a program computed by hand: the same numbers as named tensors, and the
// chain-rule trace of each gradient. Views stand in lessons/<lesson>/engine-views/<cell>.ts and are given the values of
// the program as it ran last, so that an edited number is explained, too.
import type { Tensor } from 'chainrule'
import type { NamedValue } from './types.ts'

export interface EngineView {
  /** The gradients in the program that it explains: by the program's name, and the element of which leaf each is. */
  readonly explains: readonly Explained[]
  /** In a sentence: what the engine was given, where the program and the engine differ on purpose. */
  readonly remark: string
  readonly build: (given: Given, engine: ViewEngine) => Built
}

export interface Explained {
  readonly name: string
  /** The element of the program's array; [] for a number. */
  readonly element: readonly number[]
  readonly leaf: string
  readonly index: readonly number[]
}

/** Handed in, so that a view can be known without loading the engine. */
export interface ViewEngine {
  readonly named: typeof import('chainrule/explain').named
  /** A float64 tensor. */
  constant(numbers: number | readonly number[] | readonly (readonly number[])[]): Tensor
  /** One that a gradient is wanted of. */
  leaf(numbers: number | readonly number[]): Tensor
}

export interface Given {
  number(name: string): number
  numbers(name: string): number[]
  table(name: string): number[][]
}

export interface Built {
  readonly leaves: Readonly<Record<string, Tensor>>
  readonly loss: () => Tensor
}

export interface EngineTrace {
  readonly text: string
  readonly svg: string
  readonly remark: string
}

/** Hands a view the program's values, or throws a sentence that says which is missing. */
export function givenFrom(values: readonly NamedValue[]): Given {
  const find = (name: string, dimensions: number): NamedValue['numbers'] => {
    const value = values.find(own => own.name === name)
    if (value === undefined || value.numbers.shape.length !== dimensions || value.numbers.more > 0) {
      const kind = ['number', 'array of numbers', 'table of numbers'][dimensions]
      throw new Error(`The program has no ${kind} called ${name} any more, and the engine's view needs it.`)
    }
    return value.numbers
  }
  return {
    number: name => find(name, 0).data[0] as number,
    numbers: name => [...find(name, 1).data],
    table(name) {
      const { shape, data } = find(name, 2)
      const [rows = 0, columns = 0] = shape
      return Array.from({ length: rows }, (_, i) => data.slice(i * columns, (i + 1) * columns))
    },
  }
}

/** Explains one gradient of the program. Loads the engine. */
export async function explainByEngine(
  view: EngineView,
  values: readonly NamedValue[],
  { leaf, index }: Explained,
): Promise<EngineTrace> {
  const [{ tensor }, { explain, named }] = await Promise.all([
    import('chainrule'),
    import('chainrule/explain'),
  ])
  const engine: ViewEngine = {
    named,
    constant: numbers => tensor(numbers, { dtype: 'float64' }),
    leaf: numbers => tensor(numbers, { dtype: 'float64', requiresGrad: true }),
  }
  const { leaves, loss } = view.build(givenFrom(values), engine)
  named(leaves)
  const why = explain(loss, leaves[leaf] as Tensor, { index })
  return { text: why.toString(), svg: why.toSVG(), remark: view.remark }
}
