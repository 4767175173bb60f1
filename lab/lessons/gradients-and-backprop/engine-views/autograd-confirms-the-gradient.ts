// What the engine says of program 11, where its gradients were kept as plain numbers.
import type { EngineView } from '../../../src/lib/cell/engine-view.ts'
import { tableAt } from './models/table.ts'

export const view: EngineView = {
  explains: [
    { name: 'manual', element: [0], leaf: 'w', index: [0] },
    { name: 'manual', element: [1], leaf: 'w', index: [1] },
    { name: 'first', element: [0], leaf: 'w', index: [0] },
    { name: 'first', element: [1], leaf: 'w', index: [1] },
  ],
  remark:
    'The engine was given the table and the weights, in float64 here, and told how the loss is computed.',
  build: tableAt(given => given.numbers('w')),
}
