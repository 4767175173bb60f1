// What the engine says of program 4: the gradient where the loop ended.
import type { EngineView } from '../../../src/lib/cell/engine-view.ts'
import { oneWeight } from './models/one-weight.ts'

export const view: EngineView = {
  explains: [{ name: 'w', element: [], leaf: 'w', index: [] }],
  remark:
    'The engine was given x, y and w and told how the loss is computed, not the gradient. This is the gradient at the weight that the loop ended with; it is what the next step would use.',
  build: oneWeight,
}
