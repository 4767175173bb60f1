// Program 8 of 11. One weight serves both features, so it reaches the loss along two paths. Each path brings a
// signal, and where paths meet the signals add.

const features = [2, 1]
const y = 5
const w = 2

let prediction = 0
for (const feature of features) prediction += w * feature
const error = prediction - y

const paths = features.map(feature => 2 * error * 1 * feature)
let gradient = 0
for (const signal of paths) gradient += signal

console.log(`prediction  ${prediction}`)
console.log(`paths       [${paths.join(', ')}]`)
console.log(`gradient    ${gradient}`)
