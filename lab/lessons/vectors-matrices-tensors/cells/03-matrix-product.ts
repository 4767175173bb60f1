// Program 3 of 5. A matrix product is a dot product for every row, and for every rule.
import { tensor } from 'chainrule'

const X = tensor([
  [1, 0.5],
  [2, 1],
  [3, 0.5],
  [4, 2],
])
const y = tensor([2.5, 5, 6.5, 10])
const w = tensor([3, 1])
// Three rules, a column each: today's, the trained one, one that counts tokens only.
const W = tensor([
  [3, 2, 2.5],
  [1, 1, 0],
])

const predictions = X.matmul(w)
const errors = predictions.sub(y)
const all = X.matmul(W)

console.log(`predictions  [${predictions.toArray().join(', ')}]`)
console.log(`errors       [${errors.toArray().join(', ')}]`)
console.log(`loss         ${errors.square().mean().item()}`)
console.log(`X · W shape  [${all.shape.join(', ')}]`)
all.toArray().forEach((row, i) => {
  console.log(`request ${i + 1}    [${row.join(', ')}]`)
})

const three: number[] = [3, 1, 2] // one too many; the compiler cannot count a number[]
try {
  X.matmul(tensor(three))
} catch (error) {
  console.log(`refused      ${(error as Error).message.split(': ')[1]}`)
}
