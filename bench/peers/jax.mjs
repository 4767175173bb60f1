// jax-js under jit, on its WebAssembly backend. Its functions consume what they are given, hence the many .ref.
import { defaultDevice, init, jit, lax, nn, numpy as np, valueAndGrad } from '@jax-js/jax'
import { inputsOf, parametersOf, transposed } from '../generator.mjs'
import { decline, measure, task } from './timing.mjs'

const { workload } = task
const name = 'jax-js jit'
await init('wasm')
defaultDevice('wasm')

const as = ({ shape, data }) =>
  np.array(data, { dtype: data instanceof Int32Array ? np.int32 : np.float32 }).reshape(shape)
const inputs = inputsOf(workload).map(as)

/** Matrices of linear layers stand [inputs, outputs] here. */
const matrices = list => list.map(p => (p.shape.length === 2 ? transposed(p) : p))

function adam(params, grads, m, v, t) {
  const [b1, b2, eps] = [0.9, 0.999, 1e-8]
  const c1 = np.subtract(1, np.exp(t.ref.mul(Math.log(b1))))
  const c2 = np.subtract(1, np.exp(t.mul(Math.log(b2))))
  const next = params.map((p, i) => {
    const first = m[i].mul(b1).add(grads[i].ref.mul(1 - b1))
    const second = v[i].mul(b2).add(grads[i].ref.mul(grads[i]).mul(1 - b2))
    const step = first.ref.div(c1.ref).div(np.sqrt(second.ref.div(c2.ref)).add(eps))
    return [p.sub(step.mul(workload.lr)), first, second]
  })
  c1.dispose()
  c2.dispose()
  return [0, 1, 2].map(k => next.map(row => row[k]))
}

/** −log p of the given class, meaned: scores [n, classes], labels one-hot. */
const crossEntropy = (scores, labels) => np.mean(nn.logSoftmax(scores, -1).mul(labels).sum(-1)).mul(-1)

/** A training step over (params, m, v, t); `lossOf` consumes params, x and one-hot labels. */
function training(lossOf, start, classes) {
  const loss = valueAndGrad((params, x, y) => lossOf(params, x, nn.oneHot(y, classes)))
  const step = jit((params, m, v, t, x, y) => {
    const [value, grads] = loss(
      params.map(p => p.ref),
      x,
      y,
    )
    const [p, first, second] = adam(params, grads, m, v, t.ref)
    return [value, p, first, second, t.add(1)]
  })
  const zeros = () => start.map(p => np.zeros(p.shape))
  let state = [start.map(as), zeros(), zeros(), np.array(1)]
  const [x, y] = inputs
  const labels = y.reshape([y.size])
  return () => {
    const [value, ...next] = step(...state, x.ref, labels.ref)
    state = next
    // Reading the loss makes the step run; what is pending would otherwise pile up.
    return value.dataSync()[0]
  }
}

const linear = (x, w, b) => np.matmul(x, w).add(b)

function mlp(params, x, y) {
  let h = x
  for (let i = 0; i < params.length; i += 2) {
    h = linear(h, params[i], params[i + 1])
    if (i + 2 < params.length) h = nn.relu(h)
  }
  return crossEntropy(h, y)
}

/** Windows of 2x2 that do not overlap. */
function maxPool(x) {
  const [n, c, h, w] = x.shape
  return np.max(x.reshape([n, c, h / 2, 2, w / 2, 2]), [3, 5])
}

function lenet([w1, b1, w2, b2, ...rest], x, y) {
  const conv = (x, w, b, padding) =>
    nn.relu(lax.convGeneralDilated(x, w, [1, 1], padding).add(b.reshape([1, b.size, 1, 1])))
  const h1 = maxPool(
    conv(x, w1, b1, [
      [2, 2],
      [2, 2],
    ]),
  )
  const h2 = maxPool(conv(h1, w2, b2, 'VALID'))
  return mlp(rest, h2.reshape([h2.shape[0], 400]), y)
}

function gru([table, wi, wh, bi, bh, w, b], x, y) {
  const { width, steps, batch, vocabulary } = workload
  const inputs = linear(np.matmul(nn.oneHot(x.reshape([steps * batch]), vocabulary), table), wi, bi)
  const byStep = np.split(inputs.reshape([steps, batch, 3 * width]), steps, 0)
  let h = np.zeros([batch, width])
  const states = byStep.map(input => {
    const [ir, iz, inew] = np.split(input.reshape([batch, 3 * width]), 3, 1)
    const [hr, hz, hnew] = np.split(linear(h.ref, wh.ref, bh.ref), 3, 1)
    const fresh = np.tanh(inew.add(nn.sigmoid(ir.add(hr)).mul(hnew)))
    h = fresh.ref.add(nn.sigmoid(iz.add(hz)).mul(h.sub(fresh)))
    return h.ref
  })
  h.dispose()
  wh.dispose()
  bh.dispose()
  return crossEntropy(linear(np.concatenate(states, 0), w, b), y)
}

function layerNorm(x, w, b) {
  const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }))
  const scale = np.sqrt(np.mean(centred.ref.mul(centred.ref), -1, { keepdims: true }).add(1e-5))
  return centred.div(scale).mul(w).add(b)
}

function gpt(params, x, y) {
  const { width, heads, context, batch, vocabulary, layers } = workload
  const share = width / heads
  let at = 0
  const take = n => params.slice(at, (at += n))
  const [tokens, positions] = take(2)
  let h = np
    .matmul(nn.oneHot(x.reshape([batch * context]), vocabulary), tokens)
    .reshape([batch, context, width])
    .add(positions)
    .reshape([batch * context, width])
  for (let l = 0; l < layers; l++) {
    const [wqkv, bqkv, wo, bo, w1, b1, w2, b2, g1, c1, g2, c2] = take(12)
    const qkv = np.split(linear(layerNorm(h.ref, g1, c1), wqkv, bqkv), 3, 1)
    const [q, k, v] = qkv.map(z => np.transpose(z.reshape([batch, context, heads, share]), [0, 2, 1, 3]))
    const scores = np.matmul(q, np.transpose(k, [0, 1, 3, 2])).mul(1 / Math.sqrt(share))
    const mask = np
      .tril(np.ones([context, context]))
      .sub(1)
      .mul(1e30)
    const attended = np.matmul(nn.softmax(scores.add(mask), -1), v)
    const joined = np.transpose(attended, [0, 2, 1, 3]).reshape([batch * context, width])
    h = h.add(linear(joined, wo, bo))
    const inner = nn.gelu(linear(layerNorm(h.ref, g2, c2), w1, b1), { approximate: false })
    h = h.add(linear(inner, w2, b2))
  }
  const [g, c, w, b] = take(4)
  return crossEntropy(linear(layerNorm(h, g, c), w, b), y)
}

function lesson() {
  const loss = valueAndGrad((w, X, y) => {
    const e = np.matmul(X, w).sub(y)
    return np.mean(e.ref.mul(e))
  })
  const step = jit((w, X, y) => {
    const [value, g] = loss(w.ref, X, y)
    return [value, w.sub(g.mul(workload.lr))]
  })
  let [w] = parametersOf(workload).map(as)
  const [X, y] = inputs
  return () => {
    const [value, next] = step(w, X.ref, y.ref)
    w = next
    return value.dataSync()[0]
  }
}

/**
 * What is timed is the computation, not the copying out: results are lazy, and reading one output of a compiled function
 * makes all its kernels run, so a number is passed through beside the result and read.
 */
const plain = f => {
  const compiled = jit((token, ...xs) => [token.add(1), f(...xs)])
  return () => {
    const [token, result] = compiled(np.array(1), ...inputs.map(x => x.ref))
    token.dataSync()
    return result
  }
}

// The token and position tables of embeddings are no linear layers.
const own = parametersOf(workload)
const tables = { gru: 1, gpt: 2 }[workload.kind] ?? 0
const start = [...own.slice(0, tables), ...matrices(own.slice(tables))]

const builders = {
  lesson,
  mlp: () => training(mlp, start, workload.dims.at(-1)),
  lenet: () => training(lenet, start, 10),
  gru: () => training(gru, start, workload.vocabulary),
  gpt: () => training(gpt, start, workload.vocabulary),
  chain: () => plain(x => nn.relu(x.ref.mul(2).add(1)).mul(x)),
  'chain-tanh': () => plain(x => np.tanh(x.ref.mul(2).add(1)).mul(x)),
  softmax: () => plain(x => nn.softmax(x, -1)),
  matmul: () => plain((a, b) => np.matmul(a, b)),
}

function read(result) {
  if (typeof result === 'number') return result
  const data = result.ref.dataSync()
  let total = 0
  for (let k = 0; k < 1000; k++) total += data[(k * 7919) % data.length] * ((k % 7) + 1)
  return total
}

try {
  const step = builders[workload.kind]()
  await measure(name, step, read, {
    release: result => {
      if (typeof result !== 'number') result.dispose()
    },
  })
} catch (error) {
  decline(
    name,
    String(error?.message ?? error)
      .split('\n')[0]
      .slice(0, 120),
  )
}
