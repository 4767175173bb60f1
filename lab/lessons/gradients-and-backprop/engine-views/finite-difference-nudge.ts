// What the engine says of program 2: the slope that the nudge estimates.
import type { EngineView } from '../../../src/lib/cell/engine-view.ts'
import { oneWeight } from './models/one-weight.ts'

export const view: EngineView = {
  explains: [{ name: 'slope', element: [], leaf: 'w', index: [] }],
  remark:
    'The engine was given x, y and w and told how the loss is computed, not the gradient. The nudge of the program is one-sided, so its slope is a little off; the chain rule has no step to be off by.',
  build: oneWeight,
}
