// Program 2 of 5. One prediction is a dot product: multiply place by place, then add.
import { tensor } from 'chainrule'

const row = tensor([3, 0.5]) // three hundred tokens, half a second in the queue
const w = tensor([3, 1])
const actual = 6.5

const products = row.mul(w)
const prediction = row.dot(w)

console.log(`products    [${products.toArray().join(', ')}]`)
console.log(`their sum   ${products.sum().item()}`)
console.log(`row · w     ${prediction.item()}`)
console.log(`w · row     ${w.dot(row).item()}`)
console.log(`error       ${prediction.item() - actual}`)
