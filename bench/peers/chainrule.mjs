// Our contestant, compiled or eager: the same program either way.
import * as chainrule from 'chainrule'
import * as nn from 'chainrule/nn'
import { Adam, SGD } from 'chainrule/optim'
import { inputsOf, parametersOf } from '../generator.mjs'
import { decline, measure, task } from './timing.mjs'

const { workload, mode, threads } = task
const { tensor, crossEntropy } = chainrule
const name = `chainrule ${mode}`

const as = ({ shape, data }) => tensor(data).reshape(shape)

/** Gives a model the shared numbers, in the order of its parameters. */
function start(model) {
  const own = model.parameters()
  const given = parametersOf(workload).map(as)
  if (own.length !== given.length) throw new Error(`${own.length} parameters, ${given.length} given`)
  for (const [i, p] of own.entries()) p.assign(given[i])
  return model
}

/** A training step of a classifier: `model(x)` gives the scores of the classes in its last dimension. */
function training(model, forward = x => model.call(x)) {
  start(model)
  const optimizer = new Adam(model.parameters(), { lr: workload.lr })
  const [x, y] = inputsOf(workload).map(as)
  const classes = y.reshape([y.numel])
  return [
    (x, classes) => {
      optimizer.zeroGrad()
      const scores = forward(x)
      const loss = crossEntropy(scores.reshape([classes.numel, scores.shape[scores.ndim - 1]]), classes)
      loss.backward()
      optimizer.step()
      return loss
    },
    [x, classes],
  ]
}

class Gru extends nn.Module {
  constructor({ vocabulary, width }) {
    super()
    this.embedding = new nn.Embedding(vocabulary, width)
    this.gru = new nn.GRU(width, width)
    this.head = new nn.Linear(width, vocabulary)
  }
  call(x) {
    return this.head.call(this.gru.call(this.embedding.call(x)))
  }
}

class Gpt extends nn.Module {
  constructor({ vocabulary, width, context, layers, heads }) {
    super()
    this.tokens = new nn.Embedding(vocabulary, width)
    this.positions = new nn.Embedding(context, width)
    const settings = {
      dimFeedforward: 4 * width,
      dropout: 0,
      activation: 'gelu',
      normFirst: true,
      batchFirst: true,
    }
    this.blocks = Array.from({ length: layers }, () => new nn.TransformerEncoderLayer(width, heads, settings))
    this.norm = new nn.LayerNorm(width)
    this.head = new nn.Linear(width, vocabulary)
  }
  call(x) {
    let h = this.tokens.call(x).add(this.positions.weight)
    for (const block of this.blocks) h = block.call(h, { isCausal: true })
    return this.head.call(this.norm.call(h))
  }
}

function lenet() {
  return new nn.Sequential(
    new nn.Conv2d(1, 6, 5, { padding: 2 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(6, 16, 5),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(400, 120),
    new nn.ReLU(),
    new nn.Linear(120, 84),
    new nn.ReLU(),
    new nn.Linear(84, 10),
  )
}

function mlp({ dims }) {
  const layers = dims.slice(1).flatMap((out, i) => [new nn.Linear(dims[i], out), new nn.ReLU()])
  return new nn.Sequential(...layers.slice(0, -1))
}

function lesson() {
  const [X, y] = inputsOf(workload).map(as)
  const [w] = parametersOf(workload).map(as)
  w.requiresGrad = true
  const optimizer = new SGD([w], { lr: workload.lr })
  return [
    (X, y) => {
      optimizer.zeroGrad()
      const loss = X.matmul(w).sub(y).square().mean()
      loss.backward()
      optimizer.step()
      return loss
    },
    [X, y],
  ]
}

/**
 * One operation whose result goes into a tensor that is there already: what is timed is the computation. A large result
 * that is returned must be copied out before the next call writes over it.
 */
const plain = f => {
  const args = inputsOf(workload).map(as)
  const out = chainrule.zeros([...args[0].shape.slice(0, -1), args.at(-1).shape.at(-1)])
  return [
    (...xs) => {
      out.assign(f(...xs))
    },
    args,
    () => out,
  ]
}

const builders = {
  lesson,
  mlp: () => training(mlp(workload)),
  lenet: () => training(lenet()),
  gru: () => training(new Gru(workload)),
  gpt: () => training(new Gpt(workload)),
  chain: () => plain(x => x.mul(2).add(1).relu().mul(x)),
  'chain-tanh': () => plain(x => x.mul(2).add(1).tanh().mul(x)),
  softmax: () => plain(x => x.softmax(-1)),
  matmul: () => plain((a, b) => a.matmul(b)),
}

/** The loss, or for a result of many numbers a weighted sum of some of them. */
function read(result) {
  if (result.numel === 1) return result.item()
  const data = result.data
  let total = 0
  for (let k = 0; k < 1000; k++) total += data[(k * 7919) % data.length] * ((k % 7) + 1)
  return total
}

if (mode === 'compiled' && chainrule.compile === undefined) {
  decline(name, 'this build has no compile()')
} else {
  chainrule.setThreads?.(threads)
  const [f, args, result = x => x] = builders[workload.kind]()
  const step = mode === 'compiled' ? chainrule.compile(f) : f
  const value = x => read(result(x))
  await measure(name, args.length === 1 ? () => step(args[0]) : () => step(args[0], args[1]), value, {
    // Workers join when they have loaded; until then a program runs on one thread.
    settle: threads > 1 ? 500 : 0,
    more: () => (step.stats === undefined ? {} : { stats: step.stats() }),
  })
}
