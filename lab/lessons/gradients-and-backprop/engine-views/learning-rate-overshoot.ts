// What the engine says of program 5: the gradient is right, whatever the step makes of it.
import type { EngineView } from '../../../src/lib/cell/engine-view.ts'
import { oneWeight } from './models/one-weight.ts'

export const view: EngineView = {
  explains: [{ name: 'gradient', element: [], leaf: 'w', index: [] }],
  remark:
    'The engine was given x, y and w and told how the loss is computed, not the gradient. The learning rate is no part of it: both steps start from this one gradient.',
  build: oneWeight,
}
