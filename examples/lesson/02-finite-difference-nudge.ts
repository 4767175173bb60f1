// Program 2 of 11. Which way should w move? Nudge it a little, look at the loss again, and divide: the change in the
// loss per unit of w is an estimate of the slope.

const x = 2
const y = 5
const w = 3
const eps = 0.001

function lossAt(weight: number): number {
  return (weight * x - y) ** 2
}

const before = lossAt(w)
const after = lossAt(w + eps)
const slope = (after - before) / eps

console.log(`loss             ${before}`)
console.log(`after the nudge  ${after}`)
console.log(`slope            ${slope.toFixed(3)}`)
