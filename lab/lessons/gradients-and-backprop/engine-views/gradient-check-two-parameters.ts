// What the engine says of program 10: neither the formula nor the differences, but the paths through the table.
import type { EngineView } from '../../../src/lib/cell/engine-view.ts'
import { tableAt } from './models/table.ts'

export const view: EngineView = {
  explains: [
    { name: 'manual', element: [0], leaf: 'w', index: [0] },
    { name: 'manual', element: [1], leaf: 'w', index: [1] },
    { name: 'numerical', element: [0], leaf: 'w', index: [0] },
    { name: 'numerical', element: [1], leaf: 'w', index: [1] },
  ],
  remark:
    'The engine was given the table and the weights, and told how the loss is computed: one path for each row.',
  build: tableAt(given => given.numbers('at')),
}
