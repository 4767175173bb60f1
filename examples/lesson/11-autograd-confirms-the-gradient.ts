// Program 11 of 11. Autograd records the forward pass and walks it backwards: the gradient that was written by hand
// comes out by itself. It adds to what stands in .grad, so a second backward doubles it until it is cleared.
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
const X = tensor(rows) // float32, as models use
const y = tensor(seconds)
const w = tensor([1.3, 1.1], { requiresGrad: true })

const lossOf = () => X.matmul(w).sub(y).square().mean()
const rounded = (numbers: number[]) => `[${numbers.map(x => Number(x.toFixed(4))).join(', ')}]`

// detach() gives the same numbers without a history: the hand-written formula needs none.
const errors = X.matmul(w.detach()).sub(y)
const gradient = X.T.matmul(errors).mul(2 / n)
const manual = gradient.toArray()

const loss = lossOf()
loss.backward()
const first = w.grad!.toArray()
const agree = first.every((slope, i) => Math.abs(slope - manual[i]!) < 1e-5)

console.log(`loss               ${loss.item().toFixed(6)}`)
console.log(`manual gradient    ${rounded(manual)}`)
console.log(`first backward     ${rounded(first)}`)
console.log(`agree              ${agree}`)

lossOf().backward() // not cleared before: the new gradient is added to the old
console.log(`second backward    ${rounded(w.grad!.toArray())}`)

w.grad = null
lossOf().backward()
console.log(`cleared and fresh  ${rounded(w.grad!.toArray())}`)
