// Program 6 of 11. Two features, two weights: one partial derivative for each weight. Together they are the gradient.

const features = [2, 1] // prompt blocks of a hundred tokens; requests waiting in the queue
const weights = [2, 2]
const y = 5
const rate = 0.1

function predict(weights: number[]): number {
  let total = 0
  for (let i = 0; i < weights.length; i++) total += weights[i]! * features[i]!
  return total
}

const prediction = predict(weights)
const error = prediction - y
const gradient = features.map(feature => 2 * error * feature)
const updated = weights.map((weight, i) => weight - rate * gradient[i]!)
const newLoss = (predict(updated) - y) ** 2

console.log(`prediction       ${prediction}`)
console.log(`gradient         [${gradient.join(', ')}]`)
console.log(`updated weights  [${updated.join(', ')}]`)
console.log(`new loss         ${newLoss}`)
