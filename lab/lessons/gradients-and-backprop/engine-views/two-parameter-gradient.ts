// What the engine says of program 6: one trace for each weight.
import type { EngineView } from '../../../src/lib/cell/engine-view.ts'

export const view: EngineView = {
  explains: [
    { name: 'gradient', element: [0], leaf: 'weights', index: [0] },
    { name: 'gradient', element: [1], leaf: 'weights', index: [1] },
  ],
  remark:
    'The engine was given the features, the weights and y, and told how the loss is computed, not the gradient.',
  build(given, { constant, leaf, named }) {
    const weights = leaf(given.numbers('weights'))
    const features = constant(given.numbers('features'))
    const y = constant(given.number('y'))
    named({ features, y })
    return {
      leaves: { weights },
      loss() {
        const prediction = weights.matmul(features)
        const error = prediction.sub(y)
        return named({ prediction, error, loss: error.square() }).loss
      },
    }
  },
}
