// TensorFlow.js on its WebAssembly backend: one thread in Node.
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { inputsOf, parametersOf, transposed } from '../generator.mjs'
import { decline, measure, task } from './timing.mjs'

const require = createRequire(import.meta.url)
const tf = require('@tensorflow/tfjs')
const wasm = require('@tensorflow/tfjs-backend-wasm')
wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`)

const { workload } = task
const name = 'tfjs wasm'
await tf.setBackend('wasm')
await tf.ready()

const as = ({ shape, data }) => tf.tensor(data, shape, data instanceof Int32Array ? 'int32' : 'float32')
const inputs = inputsOf(workload).map(as)

const crossEntropy = (scores, labels) => tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(scores), labels), -1)))

/** `lossOf(variables, x, labels)`: matrices of linear layers stand [inputs, outputs] here. */
function training(lossOf, start, classes) {
  const variables = start.map(p => tf.variable(as(p)))
  const optimizer = tf.train.adam(workload.lr, 0.9, 0.999, 1e-8)
  const [x, y] = inputs
  const labels = tf.oneHot(y.reshape([y.size]), classes).toFloat()
  return () => optimizer.minimize(() => lossOf(variables, x, labels), true, variables)
}

const linear = (x, w, b) => tf.add(tf.matMul(x, w), b)

function mlp(params, x, y) {
  let h = x
  for (let i = 0; i < params.length; i += 2) {
    h = linear(h, params[i], params[i + 1])
    if (i + 2 < params.length) h = tf.relu(h)
  }
  return crossEntropy(h, y)
}

function lenet([w1, b1, w2, b2, ...rest], x, y) {
  // Channels last, as this library has it; back again before the linear layers.
  const conv = (x, w, b, padding) =>
    tf.maxPool(tf.relu(tf.add(tf.conv2d(x, tf.transpose(w, [2, 3, 1, 0]), 1, padding), b)), 2, 2, 'valid')
  const h = conv(conv(tf.transpose(x, [0, 2, 3, 1]), w1, b1, 'same'), w2, b2, 'valid')
  return mlp(rest, tf.reshape(tf.transpose(h, [0, 3, 1, 2]), [h.shape[0], 400]), y)
}

function gru([table, wi, wh, bi, bh, w, b], x, y) {
  const { width, steps, batch, vocabulary } = workload
  const rows = tf.oneHot(x.reshape([steps * batch]), vocabulary).toFloat()
  const inputs = tf.reshape(linear(tf.matMul(rows, table), wi, bi), [steps, batch, 3 * width])
  let h = tf.zeros([batch, width])
  const states = tf.unstack(inputs).map(input => {
    const [ir, iz, inew] = tf.split(input, 3, 1)
    const [hr, hz, hnew] = tf.split(linear(h, wh, bh), 3, 1)
    const fresh = tf.tanh(tf.add(inew, tf.mul(tf.sigmoid(tf.add(ir, hr)), hnew)))
    h = tf.add(fresh, tf.mul(tf.sigmoid(tf.add(iz, hz)), tf.sub(h, fresh)))
    return h
  })
  return crossEntropy(linear(tf.concat(states, 0), w, b), y)
}

function layerNorm(x, w, b) {
  const { mean, variance } = tf.moments(x, -1, true)
  return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), w), b)
}

function gpt(params, x, y) {
  const { width, heads, context, batch, vocabulary, layers } = workload
  const share = width / heads
  let at = 0
  const take = n => params.slice(at, (at += n))
  const [tokens, positions] = take(2)
  const rows = tf.oneHot(x.reshape([batch * context]), vocabulary).toFloat()
  const embedded = tf.add(tf.reshape(tf.matMul(rows, tokens), [batch, context, width]), positions)
  let h = tf.reshape(embedded, [batch * context, width])
  const mask = tf.mul(tf.sub(tf.linalg.bandPart(tf.ones([context, context]), -1, 0), 1), 1e30)
  for (let l = 0; l < layers; l++) {
    const [wqkv, bqkv, wo, bo, w1, b1, w2, b2, g1, c1, g2, c2] = take(12)
    const [q, k, v] = tf
      .split(linear(layerNorm(h, g1, c1), wqkv, bqkv), 3, 1)
      .map(z => tf.transpose(tf.reshape(z, [batch, context, heads, share]), [0, 2, 1, 3]))
    const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(share))
    const attended = tf.matMul(tf.softmax(tf.add(scores, mask)), v)
    const joined = tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [batch * context, width])
    h = tf.add(h, linear(joined, wo, bo))
    const z = linear(layerNorm(h, g2, c2), w1, b1)
    const inner = tf.mul(tf.mul(z, 0.5), tf.add(tf.erf(tf.mul(z, Math.SQRT1_2)), 1))
    h = tf.add(h, linear(inner, w2, b2))
  }
  const [g, c, w, b] = take(4)
  return crossEntropy(linear(layerNorm(h, g, c), w, b), y)
}

function lesson() {
  const [X, y] = inputs
  const [start] = parametersOf(workload)
  const w = tf.variable(as({ ...start, shape: [2, 1] }))
  const optimizer = tf.train.sgd(workload.lr)
  const target = y.reshape([4, 1])
  return () => optimizer.minimize(() => tf.mean(tf.square(tf.sub(tf.matMul(X, w), target))), true, [w])
}

const plain = f => () => tf.tidy(() => f(...inputs))

const own = parametersOf(workload)
const tables = { gru: 1, gpt: 2 }[workload.kind] ?? 0
const start = own.map((p, i) => (i >= tables && p.shape.length === 2 ? transposed(p) : p))

const builders = {
  lesson,
  mlp: () => training(mlp, start, workload.dims.at(-1)),
  lenet: () => training(lenet, start, 10),
  gru: () => training(gru, start, workload.vocabulary),
  gpt: () => training(gpt, start, workload.vocabulary),
  chain: () => plain(x => tf.mul(tf.relu(tf.add(tf.mul(x, 2), 1)), x)),
  'chain-tanh': () => plain(x => tf.mul(tf.tanh(tf.add(tf.mul(x, 2), 1)), x)),
  softmax: () => plain(x => tf.softmax(x)),
  matmul: () => plain((a, b) => tf.matMul(a, b)),
}

function read(result) {
  const data = result.dataSync()
  if (data.length === 1) return data[0]
  let total = 0
  for (let k = 0; k < 1000; k++) total += data[(k * 7919) % data.length] * ((k % 7) + 1)
  return total
}

try {
  await measure(name, builders[workload.kind](), read, { release: result => result.dispose() })
} catch (error) {
  decline(
    name,
    String(error?.message ?? error)
      .split('\n')[0]
      .slice(0, 120),
  )
}
