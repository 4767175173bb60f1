// Program 9 of 11. Learn from a small table: the same loop as program 4, on tensors. The gradient is still written by
// hand: the rows' contributions, summed and divided by their number.
import { tensor } from 'chainrule'

// Prompt blocks of a hundred tokens, and the queue delay, of four requests.
const rows = [
  [1, 0.5],
  [2, 1],
  [3, 0.5],
  [4, 2],
]
const seconds = [2.5, 5, 6.5, 10]
const n = rows.length
const X = tensor(rows, { dtype: 'float64' })
const y = tensor(seconds, { dtype: 'float64' })
const rate = 0.03
let w = tensor([0, 0], { dtype: 'float64' })

const rounded = (numbers: number[], places: number) =>
  `[${numbers.map(x => Number(x.toFixed(places))).join(', ')}]`

console.log('step       loss  weights')
for (let step = 0; step < 101; step++) {
  const errors = X.matmul(w).sub(y)
  const loss = errors.square().mean().item()
  const gradient = X.T.matmul(errors).mul(2 / n) // (2/n)·Xᵀ·errors

  if (step === 0 || step === 1 || step === 10 || step === 100) {
    console.log(`${String(step).padStart(4)}  ${loss.toFixed(6).padStart(9)}  ${rounded(w.toArray(), 4)}`)
  }

  // The guard: a loss or a gradient that is no longer a number must not reach the weights.
  const finite = Number.isFinite(loss) && gradient.toArray().every(Number.isFinite)
  if (!finite) {
    console.log(`stopped at step ${step}: loss ${loss}, gradient [${gradient.toArray().join(', ')}]`)
    break
  }

  w = w.sub(gradient.mul(rate))
}

console.log(`learned      ${rounded(w.toArray(), 4)}`)
console.log(`predictions  ${rounded(X.matmul(w).toArray(), 3)}`)
