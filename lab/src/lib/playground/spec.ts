// What the playground works on: a table of examples and a small network, as plain data. Everything that comes from
// outside (the address, a pasted table) is brought into this shape, with its limits, before anything else sees it.

export type Task = 'regression' | 'classification'
export type Activation = 'tanh' | 'relu' | 'sigmoid' | 'linear'
export type OptimizerName = 'sgd' | 'momentum' | 'adam'

/** One row: the input numbers, and the number (or class, 0 or 1) to predict. */
export interface Example {
  readonly inputs: readonly number[]
  readonly target: number
}

export interface DataSet {
  readonly name: string
  readonly task: Task
  readonly columns: readonly string[]
  readonly target: string
  readonly examples: readonly Example[]
  /** Whether inputs, and the target of a regression, are brought to mean 0 and deviation 1 before training. */
  readonly standardise: boolean
}

export interface ModelSpec {
  /** Units of each hidden layer; none makes the model linear. */
  readonly hidden: readonly number[]
  readonly activation: Activation
  readonly optimizer: OptimizerName
  readonly rate: number
  /** Rows per step; 0 takes all of them. */
  readonly batch: number
  readonly seed: number
}

export const limits = {
  examples: 300,
  inputs: 8,
  layers: 3,
  units: 8,
  nameLength: 40,
  magnitude: 1e9,
  rate: [1e-5, 10],
} as const

export const activations: readonly Activation[] = ['tanh', 'relu', 'sigmoid', 'linear']
export const optimizers: readonly OptimizerName[] = ['sgd', 'momentum', 'adam']

export const defaultModel: ModelSpec = {
  hidden: [4],
  activation: 'tanh',
  optimizer: 'sgd',
  rate: 0.3,
  batch: 0,
  seed: 1,
}

/** Why `data` cannot be trained on, in a sentence; null if it can. */
export function problemWith(data: DataSet): string | null {
  const { examples, columns, task } = data
  if (examples.length < 2)
    return 'At least two rows are needed. Draw points, paste a table or choose a preset.'
  if (columns.length === 0) return 'No input column is chosen.'
  const targets = new Set(examples.map(example => example.target))
  if (task === 'classification' && targets.size < 2)
    return 'Only one class is present. Add points of the other class, or there is nothing to tell apart.'
  if (targets.size < 2) return `Every row has the same ${data.target}: there is nothing to learn.`
  return null
}
