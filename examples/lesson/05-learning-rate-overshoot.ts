// Program 5 of 11. The gradient is right both times. Multiplied by a large learning rate, the step leaps over the
// valley and lands higher on the other side.

const x = 2
const y = 5
const w = 3

function lossAt(weight: number): number {
  return (weight * x - y) ** 2
}

const gradient = 2 * (w * x - y) * x
console.log(`start     w ${w}    loss ${lossAt(w)}   gradient ${gradient}`)

for (const rate of [0.1, 1.0]) {
  const next = w - rate * gradient
  console.log(`rate ${rate.toFixed(1)}  w ${next.toFixed(1).padStart(4)}  loss ${lossAt(next).toFixed(2)}`)
}
