// Data to start from, by name: what they are good for, and a network to go with them. Their rows are in preset-data.ts.
import type { ModelSpec } from './spec.ts'

export interface Preset {
  readonly id: string
  readonly label: string
  /** What it is good for. */
  readonly about: string
  /** A network that is interesting to watch on it. */
  readonly model: Partial<ModelSpec>
}

export const presets: readonly Preset[] = [
  {
    id: 'lesson',
    label: 'Four requests',
    about:
      'The lesson’s table: prompt blocks and queue delay against seconds. Linear, and the optimum is near [2, 1].',
    model: { hidden: [], rate: 0.03, optimizer: 'sgd' },
  },
  {
    id: 'line',
    label: 'Line',
    about: 'A noisy line: one weight and one bias are enough.',
    model: { hidden: [], rate: 0.3, optimizer: 'sgd' },
  },
  {
    id: 'wave',
    label: 'Wave',
    about: 'A sine: a linear model cannot bend, a hidden layer can.',
    model: { hidden: [6], rate: 0.03, optimizer: 'adam' },
  },
  {
    id: 'clouds',
    label: 'Two clouds',
    about: 'Two classes that a straight line separates.',
    model: { hidden: [], rate: 1, optimizer: 'sgd' },
  },
  {
    id: 'xor',
    label: 'Four clouds',
    about: 'Opposite corners belong together (exclusive or): no straight line will do.',
    model: { hidden: [4], rate: 0.5, optimizer: 'momentum' },
  },
  {
    id: 'rings',
    label: 'Rings',
    about: 'One class surrounds the other.',
    model: { hidden: [4], rate: 0.03, optimizer: 'adam' },
  },
  {
    id: 'spirals',
    label: 'Spirals',
    about: 'Hard for a small network: watch which gradients die.',
    model: { hidden: [8, 8], rate: 0.02, optimizer: 'adam' },
  },
]
