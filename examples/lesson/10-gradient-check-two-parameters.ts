// Program 10 of 11. Gradient checking: compare the formula written by hand with centred differences, which know
// nothing of the formula. They run the forward pass twice for every weight.
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
const at = [1.3, 1.1]
const eps = 1e-5

function lossAt(weights: number[]): number {
  const w = tensor(weights, { dtype: 'float64' })
  return X.matmul(w).sub(y).square().mean().item()
}

const errors = X.matmul(tensor(at, { dtype: 'float64' })).sub(y)
const gradient = X.T.matmul(errors).mul(2 / n)
const manual = gradient.toArray()

const numerical = at.map((_, i) => {
  const up = lossAt(at.map((weight, j) => (j === i ? weight + eps : weight)))
  const down = lossAt(at.map((weight, j) => (j === i ? weight - eps : weight)))
  return (up - down) / (2 * eps)
})

const agree = manual.every((slope, i) => Math.abs(slope - numerical[i]!) < 1e-6)
const rounded = (numbers: number[]) => `[${numbers.map(x => Number(x.toFixed(6))).join(', ')}]`

console.log(`manual gradient    ${rounded(manual)}`)
console.log(`numerical          ${rounded(numerical)}`)
console.log(`agree within 1e-6  ${agree}`)
