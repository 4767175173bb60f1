// What the engine says of program 8: one weight, as many paths as there are features, one sum.
import type { EngineView } from '../../../src/lib/cell/engine-view.ts'

export const view: EngineView = {
  explains: [{ name: 'gradient', element: [], leaf: 'w', index: [] }],
  remark:
    'The engine was given the features, w and y, and the forward pass. It follows w along every path and adds.',
  build(given, { constant, leaf, named }) {
    const w = leaf(given.number('w'))
    const features = given.numbers('features').map(feature => constant(feature))
    const y = constant(given.number('y'))
    named({ y, ...Object.fromEntries(features.map((feature, i) => [`feature${i}`, feature])) })
    return {
      leaves: { w },
      loss() {
        const parts = features.map(feature => w.mul(feature))
        named(Object.fromEntries(parts.map((part, i) => [`part${i}`, part])))
        const prediction = parts.reduce((total, part) => total.add(part))
        const error = prediction.sub(y)
        return named({ prediction, error, loss: error.square() }).loss
      },
    }
  },
}
