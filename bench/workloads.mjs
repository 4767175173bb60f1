// What is measured, as data: every contestant gets one of these as JSON and builds the same model from it. `flops` are
// those of the matrix products of one step, forward and backward; `bytes` what must be read and written at least. The
// targets are those of the design: times on a machine like the one it was measured on, and their ratios to PyTorch there.

const linear = (inputs, outputs) => [
  { shape: [outputs, inputs], bound: 1 / Math.sqrt(inputs) },
  { shape: [outputs], bound: 1 / Math.sqrt(inputs) },
]

/** Flops of a training step through linear maps over `rows`; the first one's input needs no gradient. */
const linearFlops = (rows, dims, firstHasGradient) =>
  dims.slice(1).reduce((n, out, i) => n + (i === 0 && !firstHasGradient ? 4 : 6) * rows * dims[i] * out, 0)

function mlp(name, title, dims, batch, lr, targets) {
  return {
    name,
    title,
    kind: 'mlp',
    group: 'train',
    dims,
    lr,
    check: 20,
    params: dims.slice(1).flatMap((out, i) => linear(dims[i], out)),
    inputs: [
      { shape: [batch, dims[0]], bound: 1 },
      { shape: [batch], labels: dims.at(-1) },
    ],
    flops: linearFlops(batch, dims, false),
    // Parameters, gradients and two moments, and what every layer leaves for the backward pass.
    memory:
      4 *
      (4 * dims.slice(1).reduce((n, out, i) => n + (dims[i] + 1) * out, 0) +
        batch * dims.reduce((a, b) => a + b)),
    targets,
  }
}

function gru({ vocabulary, width, steps, batch }) {
  const bound = 1 / Math.sqrt(width)
  return {
    name: 'gru',
    title: `GRU: hidden ${width}, ${steps} steps, batch ${batch}, vocabulary ${vocabulary}`,
    kind: 'gru',
    group: 'train',
    vocabulary,
    width,
    steps,
    batch,
    lr: 1e-3,
    check: 3,
    params: [
      { shape: [vocabulary, width], bound: 1 },
      { shape: [3 * width, width], bound },
      { shape: [3 * width, width], bound },
      { shape: [3 * width], bound },
      { shape: [3 * width], bound },
      ...linear(width, vocabulary),
    ],
    inputs: [
      { shape: [steps, batch], labels: vocabulary },
      { shape: [steps, batch], labels: vocabulary },
    ],
    flops: 6 * steps * batch * (6 * width * width + width * vocabulary),
    targets: { ms: 45, ofTorch: 45 / 55.5 },
  }
}

function gpt({ layers, width, heads, context, batch, vocabulary }) {
  const norm = [
    { shape: [width], value: 1 },
    { shape: [width], value: 0 },
  ]
  const rows = batch * context
  const block = [
    { shape: [3 * width, width], bound: Math.sqrt(6 / (4 * width)) },
    { shape: [3 * width], value: 0 },
    ...linear(width, width),
    ...linear(width, 4 * width),
    ...linear(4 * width, width),
    ...norm,
    ...norm,
  ]
  return {
    name: 'gpt',
    title: `GPT: ${layers} layers, width ${width}, ${heads} heads, context ${context}, batch ${batch}`,
    kind: 'gpt',
    group: 'train',
    layers,
    width,
    heads,
    context,
    batch,
    vocabulary,
    lr: 1e-3,
    check: 3,
    params: [
      { shape: [vocabulary, width], bound: 0.05 },
      { shape: [context, width], bound: 0.05 },
      ...Array.from({ length: layers }, () => block).flat(),
      ...norm,
      ...linear(width, vocabulary),
    ],
    inputs: [
      { shape: [batch, context], labels: vocabulary },
      { shape: [batch, context], labels: vocabulary },
    ],
    flops: 6 * rows * (layers * (12 * width * width + 2 * context * width) + width * vocabulary),
    targets: { ms: 155, ofTorch: 155 / 163, msTwoThreads: 90, twoThreads: 1.7 },
  }
}

function matmul(m, k, n, targets = {}) {
  return {
    name: `matmul-${m}x${k}x${n}`,
    title: `matrix product ${m}x${k} · ${k}x${n}`,
    kind: 'matmul',
    group: 'product',
    check: 1,
    params: [],
    inputs: [
      { shape: [m, k], bound: 1 },
      { shape: [k, n], bound: 1 },
    ],
    flops: 2 * m * k * n,
    bytes: 4 * (m * k + k * n + m * n),
    targets,
  }
}

const stream = (name, title, kind, shape, moved, targets) => ({
  name,
  title,
  kind,
  group: 'stream',
  check: 1,
  params: [],
  inputs: [{ shape, bound: 2 }],
  bytes: 4 * moved * shape.reduce((a, b) => a * b, 1),
  targets,
})

const lenetFlops = batch =>
  batch * (4 * 784 * 6 * 25 + 6 * 100 * 16 * 150) + linearFlops(batch, [400, 120, 84, 10], true)

export const workloads = [
  {
    name: 'lesson',
    title: 'lesson: 4x2 table, mean squared error, descent',
    kind: 'lesson',
    group: 'train',
    lr: 0.03,
    check: 20,
    params: [{ shape: [2], value: 0 }],
    inputs: [
      { shape: [4, 2], values: [1, 0.5, 2, 1, 3, 0.5, 4, 2] },
      { shape: [4], values: [2.5, 5, 6.5, 10] },
    ],
    flops: 32,
    targets: { ms: 0.002, ofTorch: 2 / 120, binding: true },
  },
  mlp('mlp-tiny', 'MLP 2-16-16-2, batch 32', [2, 16, 16, 2], 32, 1e-2, {
    ms: 0.015,
    ofTorch: 15 / 560,
    binding: true,
  }),
  mlp('mlp-small', 'MLP 64-128-128-10, batch 64', [64, 128, 128, 10], 64, 1e-3, {
    ms: 0.32,
    ofTorch: 320 / 816,
    memoryRatio: 1.3,
    binding: true,
  }),
  mlp('mlp-large', 'MLP 784-512-256-10, batch 128', [784, 512, 256, 10], 128, 1e-3, {
    ms: 10.5,
    ofTorch: 10.5 / 7,
    msTwoThreads: 5.8,
    twoThreads: 1.7,
    ofPeer: 0.6,
    compileMs: 100,
    memoryRatio: 1.3,
  }),
  {
    name: 'lenet',
    title: 'LeNet: 28x28, batch 64',
    kind: 'lenet',
    group: 'train',
    lr: 1e-3,
    check: 3,
    params: [
      { shape: [6, 1, 5, 5], bound: 1 / 5 },
      { shape: [6], bound: 1 / 5 },
      { shape: [16, 6, 5, 5], bound: 1 / Math.sqrt(150) },
      { shape: [16], bound: 1 / Math.sqrt(150) },
      ...linear(400, 120),
      ...linear(120, 84),
      ...linear(84, 10),
    ],
    inputs: [
      { shape: [64, 1, 28, 28], bound: 1 },
      { shape: [64], labels: 10 },
    ],
    flops: lenetFlops(64),
    targets: { ms: 10, ofTorch: 10 / 17.9 },
  },
  gru({ vocabulary: 64, width: 128, steps: 64, batch: 32 }),
  gpt({ layers: 4, width: 128, heads: 4, context: 128, batch: 8, vocabulary: 64 }),
  stream('chain', 'relu(x·2 + 1)·x over 10 million', 'chain', [10_000_000], 2, { ofCopy: 0.8 }),
  stream('chain-tanh', 'tanh(x·2 + 1)·x over 10 million', 'chain-tanh', [10_000_000], 2, {
    ms: 12,
    ofTorch: 12 / 153,
  }),
  stream('softmax', 'softmax over 10,000 rows of 1,000', 'softmax', [10_000, 1000], 2, {
    ms: 15,
    ofTorch: 15 / 46,
  }),
  matmul(1024, 1024, 1024, { gflops: 42, ofPeak: 0.85 }),
  matmul(1000, 1000, 1000, { ofPeak: 0.85 }),
  matmul(1021, 1021, 1021, { ofPeak: 0.85 }),
  matmul(256, 256, 256, { ofPeak: 0.85 }),
  matmul(128, 128, 128, { ofLimit: 0.5 }),
  matmul(127, 127, 127, { ofLimit: 0.5 }),
  matmul(128, 784, 10, { ofLimit: 0.5 }),
  matmul(128, 784, 16, { ofLimit: 0.5 }),
  matmul(784, 128, 10, { ofLimit: 0.5 }),
  matmul(1, 784, 512, { ofLimit: 0.5 }),
  matmul(67, 131, 257, { ofLimit: 0.5 }),
]

/** Graph sizes at which compile time is measured. */
export const graphSizes = [10, 100, 1000, 10_000]
