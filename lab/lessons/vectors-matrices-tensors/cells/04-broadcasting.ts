// Program 4 of 5. Broadcasting stretches a shape until it fits: a convenience,
// and a trap that says nothing.
import { tensor } from 'chainrule'

const X = tensor([
  [1, 0.5],
  [2, 1],
  [3, 0.5],
  [4, 2],
])
const y = tensor([2.5, 5, 6.5, 10])
const w = tensor([2, 1]) // the trained weights: every prediction is exactly right
const W = tensor([
  [3, 2, 2.5],
  [1, 1, 0],
])
const predictions = X.matmul(w)
const all = X.matmul(W) // a column for each of three rules

// What is meant: half a second for the network, and an own offset for each rule.
console.log(`half a second more  [${predictions.add(0.5).toArray().join(', ')}]`)
console.log(`offset per rule     [${all.add(tensor([0.5, 1, 0])).shape.join(', ')}]`)

// What is refused: an offset for each request does not fit columns of rules.
const perRequest: number[] = [0.1, 0.2, 0.1, 0.4] // not counted by the compiler
try {
  all.add(tensor(perRequest))
} catch (error) {
  console.log(`offset per request  refused: ${(error as Error).message.split(': ')[1]}`)
}

// What is silent: the same seconds as a column, one below the other.
const column = y.unsqueeze(1)
const right = predictions.sub(y)
const wrong = predictions.sub(column)
console.log(`errors              [${right.shape.join(', ')}]`)
console.log(`loss                ${right.square().mean().item()}`)
console.log(`shape of column     [${column.shape.join(', ')}]`)
console.log(`errors by mistake   [${wrong.shape.join(', ')}]`)
console.log(`loss by mistake     ${wrong.square().mean().item()}`)
