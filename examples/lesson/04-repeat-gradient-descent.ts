// Program 4 of 11. Gradient descent: step against the slope, and again. The steps shrink by themselves, because the
// slope does.

const x = 2
const y = 5
const rate = 0.1
let w = 3

console.log('step       w  prediction      loss  gradient')
for (let step = 0; step < 5; step++) {
  const prediction = w * x
  const error = prediction - y
  const loss = error ** 2
  const gradient = 2 * error * x

  const row = [
    String(step).padStart(4),
    w.toFixed(4).padStart(6),
    prediction.toFixed(4).padStart(10),
    loss.toFixed(6).padStart(8),
    gradient.toFixed(4).padStart(8),
  ]
  console.log(row.join('  '))

  w = w - rate * gradient
}
