// Program 1 of 5. The same numbers as a list, as a table and as a stack of tables:
// what a shape says of each.
import { stack, tensor } from 'chainrule'

// Prompt in hundreds of tokens, and the queue delay in seconds, of four requests.
const X = tensor([
  [1, 0.5],
  [2, 1],
  [3, 0.5],
  [4, 2],
])
const w = tensor([3, 1]) // seconds per hundred tokens; seconds per second of delay
const y = tensor([2.5, 5, 6.5, 10]) // seconds that each response took
const week = stack([X, X, X, X, X, X, X]) // seven days with the same four requests

const shape = (sizes: readonly number[]) => `[${sizes.join(', ')}]`

console.log(`table X      ${shape(X.shape)}`)
console.log(`third row    ${shape(X.select(0, 2).toArray() as number[])}`)
console.log(`weights w    ${shape(w.shape)}`)
console.log(`seconds y    ${shape(y.shape)}`)
console.log(`their sum    ${shape(y.sum().shape)}`)
console.log(`a week       ${shape(week.shape)}`)
console.log(`its numbers  ${week.numel}`)
