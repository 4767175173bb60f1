// The model of programs 9 to 11: a table of rows, a weight for each column, the mean squared error.
import type { EngineView, Given, ViewEngine } from '../../../../src/lib/cell/engine-view.ts'

/** With the weights that `at` reads from the program. */
export function tableAt(at: (given: Given) => number[]): EngineView['build'] {
  return (given: Given, { constant, leaf, named }: ViewEngine) => {
    const w = leaf(at(given))
    const X = constant(given.table('rows'))
    const y = constant(given.numbers('seconds'))
    named({ X, y })
    return {
      leaves: { w },
      loss() {
        const predictions = X.matmul(w)
        const errors = predictions.sub(y)
        return named({ predictions, errors, loss: errors.square().mean() }).loss
      },
    }
  }
}
