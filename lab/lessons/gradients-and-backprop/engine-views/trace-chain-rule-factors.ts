// What the engine says of program 7: the same three operations, with its own local derivative for each.
import type { EngineView } from '../../../src/lib/cell/engine-view.ts'

export const view: EngineView = {
  explains: [
    { name: 'promptSlope', element: [], leaf: 'wPrompt', index: [] },
    { name: 'queueSlope', element: [], leaf: 'wQueue', index: [] },
  ],
  remark:
    'The engine was given the inputs, the weights and y, and the forward pass; every local derivative is its own.',
  build(given, { constant, leaf, named }) {
    const wPrompt = leaf(given.number('wPrompt'))
    const wQueue = leaf(given.number('wQueue'))
    const xPrompt = constant(given.number('xPrompt'))
    const xQueue = constant(given.number('xQueue'))
    const y = constant(given.number('y'))
    named({ xPrompt, xQueue, y })
    return {
      leaves: { wPrompt, wQueue },
      loss() {
        const prediction = wPrompt.mul(xPrompt).add(wQueue.mul(xQueue))
        const error = prediction.sub(y)
        return named({ prediction, error, loss: error.square() }).loss
      },
    }
  },
}
