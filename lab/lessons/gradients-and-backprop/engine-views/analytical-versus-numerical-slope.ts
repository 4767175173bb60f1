// What the engine says of program 3: both slopes are of this one derivative.
import type { EngineView } from '../../../src/lib/cell/engine-view.ts'
import { oneWeight } from './models/one-weight.ts'

export const view: EngineView = {
  explains: [
    { name: 'analytical', element: [], leaf: 'w', index: [] },
    { name: 'numerical', element: [], leaf: 'w', index: [] },
  ],
  remark: 'The engine was given x, y and w and told how the loss is computed, not the gradient.',
  build: oneWeight,
}
