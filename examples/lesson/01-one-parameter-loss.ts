// Program 1 of 11. A model with one adjustable number predicts how many seconds a response takes; the loss is one
// number that says how wrong the prediction was.

const x = 2 // the prompt, in hundreds of tokens
const y = 5 // the seconds it really took
const w = 3 // the stored number: seconds per hundred tokens

const prediction = w * x
const error = prediction - y
const loss = error ** 2

console.log(`prediction  ${prediction}`)
console.log(`loss        ${loss}`)
