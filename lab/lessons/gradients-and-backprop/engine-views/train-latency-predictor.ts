// What the engine says of program 9: the gradient at the weights that the loop learned.
import type { EngineView } from '../../../src/lib/cell/engine-view.ts'
import { tableAt } from './models/table.ts'

export const view: EngineView = {
  explains: [
    { name: 'w', element: [0], leaf: 'w', index: [0] },
    { name: 'w', element: [1], leaf: 'w', index: [1] },
  ],
  remark:
    'The gradient at the weights that the loop ended with: one path for each row. They nearly cancel, which is why the steps have become small.',
  build: tableAt(given => given.numbers('w')),
}
