// Program 5 of 5. The gradient of all weights over all rows is one product:
// 2/n · Xᵀ · errors.
import { tensor } from 'chainrule'

const rows = [
  [1, 0.5],
  [2, 1],
  [3, 0.5],
  [4, 2],
]
const seconds = [2.5, 5, 6.5, 10]
const X = tensor(rows, { dtype: 'float64' })
const y = tensor(seconds, { dtype: 'float64' })
const w = tensor([3, 1], { dtype: 'float64', requiresGrad: true })
const n = rows.length

const errors = X.matmul(w.detach()).sub(y)

// As in the first lesson: every row adds its error times each of its features.
const byRows = [0, 0]
errors.toArray().forEach((error, i) => {
  rows[i]!.forEach((feature, k) => {
    byRows[k]! += (2 / n) * error * feature
  })
})

// The same in one line.
const gradient = X.T.matmul(errors).mul(2 / n)

X.matmul(w).sub(y).square().mean().backward()

console.log(`shape of Xᵀ       [${X.T.shape.join(', ')}]`)
console.log(`shape of errors   [${errors.shape.join(', ')}]`)
console.log(`row by row        [${byRows.join(', ')}]`)
console.log(`one product       [${gradient.toArray().join(', ')}]`)
console.log(`autograd          [${w.grad!.toArray().join(', ')}]`)
