// What the engine says of program 1: nothing in it is a gradient yet, but its loss has one.
import type { EngineView } from '../../../src/lib/cell/engine-view.ts'
import { oneWeight } from './models/one-weight.ts'

export const view: EngineView = {
  explains: [{ name: 'w', element: [], leaf: 'w', index: [] }],
  remark: 'The engine was given x, y and w and told how the loss is computed, not the gradient.',
  build: oneWeight,
}
