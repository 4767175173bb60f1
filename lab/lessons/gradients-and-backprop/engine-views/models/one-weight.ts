// The model of programs 1 to 5: one weight, one row, the squared error.
import type { EngineView } from '../../../../src/lib/cell/engine-view.ts'

export const oneWeight: EngineView['build'] = (given, { constant, leaf, named }) => {
  const w = leaf(given.number('w'))
  const x = constant(given.number('x'))
  const y = constant(given.number('y'))
  named({ x, y })
  return {
    leaves: { w },
    loss() {
      const prediction = w.mul(x)
      const error = prediction.sub(y)
      return named({ prediction, error, loss: error.square() }).loss
    },
  }
}
