// For each row of PyTorch's table of edge conventions, the inputs and our call. The derivative is that of the sum of what
// the call returns.
import { clamp } from 'chainrule'
import { scalar } from '../../src/core/scalar.ts'
import { makeValue, type Value } from '../../src/core/value.ts'
import * as p from '../../src/primitives/elementwise/arithmetic.ts'
import { eq, gt, where } from '../../src/primitives/elementwise/compare.ts'
import * as math from '../../src/primitives/elementwise/math.ts'
import * as act from '../../src/tensor/composites/activations.ts'
import * as elementwise from '../../src/tensor/composites/elementwise.ts'
import * as geometry from '../../src/tensor/composites/geometry.ts'
import * as indexing from '../../src/tensor/composites/indexing.ts'
import * as losses from '../../src/tensor/composites/losses.ts'
import * as margins from '../../src/tensor/composites/margin-losses.ts'
import * as moments from '../../src/tensor/composites/moments.ts'
import { select } from '../../src/tensor/composites/movement.ts'
import * as layers from '../../src/tensor/composites/normalization.ts'
import * as ordering from '../../src/tensor/composites/ordering.ts'
import * as quantiles from '../../src/tensor/composites/quantiles.ts'
import * as stats from '../../src/tensor/composites/statistics.ts'

export type Nested = number | readonly Nested[]
type Case = readonly [inputs: readonly Nested[], call: (...xs: Value[]) => Value]

const { NaN: nan, POSITIVE_INFINITY: inf } = Number
const V = (f: (...xs: never[]) => Value): ((...xs: Value[]) => Value) => f as (...xs: Value[]) => Value
const at = (i: number, f: (x: Value) => Value) => (x: Value) => select(f(x), -1, i)
const values = (f: (x: Value) => stats.ValuesAndIndices) => (x: Value) => f(x).values
const ints = (...list: number[]): Value => makeValue([list.length], 'int32', Int32Array.from(list))
const floats = (...list: number[]): Value => makeValue([list.length], 'float64', Float64Array.from(list))
const zero = (): Value => scalar(0, 'float64')
const weights = (): Value => floats(1, 10, 100)
const softmaxLast = (x: Value): Value => act.softmax(x, -1)
const logSoftmaxLast = (x: Value): Value => act.logSoftmax(x, -1)

export const cases: Readonly<Record<string, Case>> = {
  'relu(0)': [[0], math.relu],
  'relu(-0.)': [[-0], math.relu],
  'relu(nan)': [[nan], math.relu],
  'relu6 0': [[0], act.relu6],
  'relu6 6': [[6], act.relu6],
  'hardtanh +-1': [[[-1, 1]], x => act.hardtanh(x as Value)],
  'leaky_relu(0)': [[0], x => act.leakyRelu(x as Value, { negativeSlope: 0.1 })],
  'elu(0)': [[0], x => act.elu(x as Value, { alpha: 2 })],
  'selu(0)': [[0], V(act.selu)],
  'celu(0)': [[0], x => act.celu(x as Value)],
  'prelu(0) w=.25': [[[0], [0.25]], V(act.prelu)],
  'hardsigmoid -3,3': [[[-3, 3]], V(act.hardsigmoid)],
  'hardswish -3,3': [[[-3, 3]], V(act.hardswish)],
  'hardshrink +-.5': [[[-0.5, 0, 0.5]], x => act.hardshrink(x as Value)],
  'softshrink +-.5': [[[-0.5, 0.5]], x => act.softshrink(x as Value)],
  'threshold 0': [[0], x => act.threshold(x as Value, 0, 0)],
  'abs(0)': [[[0, -0]], V(p.abs)],
  'sign(0)': [[0], V(p.sign)],
  'abs nan': [[nan], V(p.abs)],
  'max elementwise tie': [[1, 1], V(p.maximum)],
  'min elementwise tie': [[1, 1], V(p.minimum)],
  'fmax tie': [[1, 1], V(elementwise.fmax)],
  'maximum nan': [
    [
      [nan, 1],
      [1, nan],
    ],
    V(p.maximum),
  ],
  'fmax nan': [
    [
      [nan, 1],
      [1, nan],
    ],
    V(elementwise.fmax),
  ],
  'max() full reduce tie': [[[1, 3, 3, 3]], x => stats.max(x as Value)],
  'max(dim) tie': [[[1, 3, 3, 3]], values(x => stats.max(x, 0))],
  'amax tie': [[[1, 3, 3, 3]], x => stats.amax(x as Value, 0)],
  'amin tie': [[[1, 1, 2]], x => stats.amin(x as Value, 0)],
  'min() tie': [[[1, 1, 2]], x => stats.min(x as Value)],
  'min(dim) tie': [[[1, 1, 2]], values(x => stats.min(x, 0))],
  'median() tie': [[[2, 2, 2, 1, 3]], x => ordering.median(x as Value)],
  'median(dim) tie': [[[2, 2, 2, 1, 3]], values(x => ordering.median(x, 0))],
  'median even': [[[1, 2, 3, 4]], x => ordering.median(x as Value)],
  'median(dim) even': [[[3, 1, 4, 2]], values(x => ordering.median(x, 0))],
  'mode tie': [[[2, 2, 1]], values(x => quantiles.mode(x, 0))],
  'kthvalue tie': [[[2, 2, 3]], values(x => ordering.kthvalue(x, 1, 0))],
  'topk tie': [[[1, 2, 2, 2]], values(x => ordering.topk(x, 2, 0))],
  'sort tie weighted': [[[2, 2, 2]], x => p.mul(ordering.sort(x as Value, 0).values, weights())],
  'sort stable weighted': [[[2, 2, 2]], x => p.mul(ordering.sort(x as Value, 0).values, weights())],
  'quantile .5 even': [[[1, 2, 3, 4]], x => quantiles.quantile(x as Value, 0.5)],
  'cummax tie': [[[1, 1, 2, 2]], values(x => ordering.cummax(x, 0))],
  logcumsumexp: [[[0, 0, 0]], x => moments.logcumsumexp(x as Value, 0)],
  'sqrt(0)': [[0], math.sqrt],
  'sqrt(-1)': [[-1], math.sqrt],
  'rsqrt(0)': [[0], math.rsqrt],
  'x*sqrt(0): sqrt(x)**2': [[0], x => p.square(math.sqrt(x as Value))],
  'cbrt-like pow(1/3) at 0': [[0], x => math.pow(x as Value, 1 / 3)],
  'norm2 at 0': [[[0, 0]], x => stats.norm(x as Value)],
  'linalg.vector_norm 0': [[[0, 0]], x => stats.norm(x as Value)],
  'norm1 at 0': [[[0, 1]], x => stats.norm(x as Value, 1)],
  'norminf tie': [[[1, -1, 0.5]], x => stats.norm(x as Value, inf)],
  'norm p=3 at0': [[[0, 0]], x => stats.norm(x as Value, 3)],
  'norm p=.5 at 0': [[[0, 1]], x => stats.norm(x as Value, 0.5)],
  'manual sqrt(sum sq) 0': [[[0, 0]], x => math.sqrt(stats.sum(p.square(x as Value)))],
  'dist 0': [
    [
      [1, 2],
      [1, 2],
    ],
    V(geometry.dist),
  ],
  'cdist 0': [[[[1, 2]], [[1, 2]]], (a, b) => geometry.cdist(a as Value, b as Value)],
  pairwise_distance: [[[[1, 2]], [[1, 2]]], (a, b) => geometry.pairwiseDistance(a as Value, b as Value)],
  'normalize 0': [[[0, 0]], x => geometry.normalize(x as Value, { dim: 0 })],
  'cosine_similarity 0': [
    [
      [0, 0],
      [1, 1],
    ],
    (a, b) => geometry.cosineSimilarity(a as Value, b as Value, { dim: 0 }),
  ],
  'hypot 0 0': [[0, 0], V(elementwise.hypot)],
  'frobenius mat norm 0': [
    [
      [
        [0, 0],
        [0, 0],
      ],
    ],
    x => stats.norm(x as Value, 2, [0, 1]),
  ],
  'pow(0,0)': [[0, 0], V(math.pow)],
  'pow(0,2)': [[0, 2], V(math.pow)],
  'pow(0,1)': [[0, 1], V(math.pow)],
  'pow(0,.5)': [[0, 0.5], V(math.pow)],
  'pow(0,-1)': [[0, -1], V(math.pow)],
  'pow(-2,3)': [[-2, 3], V(math.pow)],
  'pow(-2,2.5)': [[-2, 2.5], V(math.pow)],
  'x**0 scalar': [[0], x => math.pow(x as Value, 0)],
  'x**2 scalar at 0': [[0], x => math.pow(x as Value, 2)],
  'x**1 scalar': [[0], x => math.pow(x as Value, 1)],
  '0**y scalar base y=0': [[0], y => math.pow(0, y as Value)],
  '0**y y=1': [[1], y => math.pow(0, y as Value)],
  'float_power(0,0)': [[0, 0], V(elementwise.floatPower)],
  'x**x at 0': [[0], x => math.pow(x as Value, x as Value)],
  'xlogy(0,0)': [[0, 0], V(elementwise.xlogy)],
  'xlogy(0,1)': [[0, 1], V(elementwise.xlogy)],
  'x*log x at 0': [[0], x => p.mul(x as Value, math.log(x as Value))],
  'entr 0': [[0], V(elementwise.entr)],
  'xlog1py(0,-1)': [[0, -1], V(elementwise.xlog1py)],
  'clamp at lo,hi': [[[0, 1, -1, 2, 0.5]], x => p.clamp(x as Value, 0, 1)],
  'clamp tensor min/max at bdry': [
    [
      [0, 1],
      [0, 0],
      [1, 1],
    ],
    V(p.clamp),
  ],
  'clamp nan': [[nan], x => p.clamp(x as Value, 0, 1)],
  'clamp min>max': [[[0.5]], x => p.clamp(x as Value, 1, 0)],
  'clamp_min 0 at 0': [[0], x => clamp(x as never, { min: 0 })],
  'log(0)': [[0], math.log],
  'log(-1)': [[-1], math.log],
  'log1p(-1)': [[-1], math.log1p],
  '1/0': [[0], V(p.reciprocal)],
  '0/0': [[0, 0], V(p.div)],
  'logit(0)': [[[0, 1]], x => elementwise.logit(x as Value)],
  'logit eps': [[[0, 1]], x => elementwise.logit(x as Value, { eps: 1e-6 })],
  'asin(1)': [[1], math.asin],
  'acos(1)': [[1], math.acos],
  'acosh(1)': [[1], math.acosh],
  'atanh(1)': [[1], math.atanh],
  'exp(1000)': [[1000], math.exp],
  'sigmoid +-1000': [[[-1000, 1000]], math.sigmoid],
  'tanh +-1000': [[[-1000, 1000]], math.tanh],
  'softplus 1000': [[[-1000, 0, 20, 21, 1000]], math.softplus],
  'logsigmoid +-1000': [[[-1000, 0, 1000]], V(act.logSigmoid)],
  erf: [[0], math.erf],
  'lgamma 0': [[[0, -1]], V(elementwise.lgamma)],
  'digamma 0': [[[0]], V(elementwise.digamma)],
  'where sqrt single x=0': [[0], x => where(gt(x as Value, 0), math.sqrt(x as Value), zero())],
  'where sqrt single x=-1': [[-1], x => where(gt(x as Value, 0), math.sqrt(x as Value), zero())],
  'where log single x=0': [[0], x => where(gt(x as Value, 0), math.log(x as Value), zero())],
  'where 1/x x=0': [[0], x => where(gt(x as Value, 0), p.reciprocal(x as Value), zero())],
  'double where': [
    [0],
    x => {
      const safe = where(gt(x as Value, 0), x as Value, 1)
      return where(gt(x as Value, 0), math.sqrt(safe), zero())
    },
  ],
  'where exp overflow': [[1000], x => where(gt(x as Value, 10), x as Value, math.exp(x as Value))],
  'mask mult': [[0], x => p.mul(zero(), math.sqrt(x as Value))],
  'x[mask].sqrt': [
    [[0, 4]],
    x => math.sqrt(select(indexing.maskedSelect(x as Value, gt(x as Value, 0)), 0, 0)),
  ],
  'masked_fill of sqrt': [[[0, 4]], x => indexing.maskedFill(math.sqrt(x as Value), eq(x as Value, 0), 0)],
  nan_to_num: [[[nan, inf, 1]], x => elementwise.nanToNum(x as Value)],
  'logsumexp all -inf': [[[-inf, -inf]], x => stats.logsumexp(x as Value, 0)],
  'logsumexp one +inf': [[[inf, 0]], x => stats.logsumexp(x as Value, 0)],
  'logsumexp big': [[[1000, 1000]], x => stats.logsumexp(x as Value, 0)],
  'logaddexp -inf -inf': [[-inf, -inf], V(elementwise.logaddexp)],
  'softmax all -inf': [[[-inf, -inf]], V(at(0, softmaxLast))],
  'softmax one -inf': [[[-inf, 0, 0]], V(at(1, softmaxLast))],
  'softmax big': [[[1000, 0]], V(at(0, softmaxLast))],
  'log_softmax big': [[[1000, 0]], V(at(1, logSoftmaxLast))],
  'log(softmax) big': [[[1000, 0]], V(at(1, x => math.log(softmaxLast(x))))],
  'log_softmax -inf other': [[[-inf, 0]], V(at(1, logSoftmaxLast))],
  'CE big logits': [[[[1000, 0]]], x => losses.crossEntropy(x as Value, ints(1))],
  'CE all ignored': [[[[1, 2]]], x => losses.crossEntropy(x as Value, ints(-100))],
  'CE target -inf': [[[[-inf, 0]]], x => losses.crossEntropy(x as Value, ints(0))],
  'BCE p=0,t=1': [[[0]], x => losses.binaryCrossEntropy(x as Value, floats(1))],
  'BCE p=1,t=1': [[[1]], x => losses.binaryCrossEntropy(x as Value, floats(1))],
  'BCE p=0,t=0': [[[0]], x => losses.binaryCrossEntropy(x as Value, floats(0))],
  'BCElogits -1000,t=1': [[[-1000]], x => losses.binaryCrossEntropyWithLogits(x as Value, floats(1))],
  'nll log 0': [[[[0, 1]]], x => losses.nllLoss(math.log(x as Value), ints(0))],
  'kl_div target 0': [[[-1]], x => losses.klDiv(x as Value, floats(0))],
  mse: [[[1, 3]], x => losses.mseLoss(x as Value, floats(1, 1))],
  'l1 at 0': [[[1, 3]], x => losses.l1Loss(x as Value, floats(1, 1))],
  'smooth_l1 at beta': [[[1, -1]], x => losses.smoothL1Loss(x as Value, floats(0, 0), { reduction: 'sum' })],
  'huber at delta': [[[1, -1]], x => losses.huberLoss(x as Value, floats(0, 0), { reduction: 'sum' })],
  'hinge margin bdry': [[[1]], x => margins.hingeEmbeddingLoss(x as Value, floats(-1))],
  'prod one zero': [[[0, 2, 3]], x => stats.prod(x as Value)],
  'prod two zeros': [[[0, 0, 3]], x => stats.prod(x as Value)],
  'prod(dim) one zero': [[[0, 2, 3]], x => stats.prod(x as Value, 0)],
  'cumprod zeros': [[[2, 0, 3, 0, 5]], x => stats.cumprod(x as Value, 0)],
  'cumprod one zero': [[[2, 0, 3]], x => stats.cumprod(x as Value, 0)],
  'prod empty': [[[]], x => stats.prod(x as Value)],
  'std const': [[[1, 1, 1]], x => stats.std(x as Value)],
  'var const': [[[1, 1, 1]], x => stats.var(x as Value)],
  'std N-1': [[[1, 2, 4]], x => stats.std(x as Value)],
  'var N-1': [[[1, 2, 4]], x => stats.var(x as Value)],
  'var unbiased=False': [[[1, 2, 4]], x => stats.var(x as Value, null, { correction: 0 })],
  'var N=1': [[[1]], x => stats.var(x as Value)],
  'std N=1': [[[1]], x => stats.std(x as Value)],
  'atan2(0,0)': [[0, 0], V(math.atan2)],
  'atan2(0,-1)': [[0, -1], V(math.atan2)],
  'sinc 0': [[0], V(elementwise.sinc)],
  'copysign 0': [[[0], [1]], V(elementwise.copysign)],
  fmod: [[5, 3], V(elementwise.fmod)],
  remainder: [[-5, 3], V(elementwise.remainder)],
  floor: [[1.5], V(p.floor)],
  round: [[2.5], V(p.round)],
  frac: [[1], V(elementwise.frac)],
  floor_divide: [[5, 3], V(elementwise.floorDivide)],
  trunc: [[1.5], V(p.trunc)],
  'mean empty': [[[]], x => stats.mean(x as Value)],
  'sum empty': [[[]], x => stats.sum(x as Value)],
  nansum: [[[nan, 1]], x => moments.nansum(x as Value)],
  nanmean: [[[nan, 1]], x => moments.nanmean(x as Value)],
  'renorm at max': [
    [
      [
        [3, 4],
        [0, 0],
      ],
    ],
    x => geometry.renorm(x as Value, 2, 0, 1),
  ],
  'gather dup': [[[1, 2]], x => indexing.gather(x as Value, 0, ints(0, 0, 1))],
  'embedding padding': [[[[1], [2]]], w => indexing.embedding(ints(0, 1, 1), w as Value, { paddingIdx: 0 })],
  lerp: [[0, 2], (a, b) => elementwise.lerp(a as Value, b as Value, 0.5)],
  'layer_norm const': [[[[5, 5, 5]]], V(at(0, x => layers.layerNorm(x, [3])))],
  gelu: [[0], x => act.gelu(x as Value)],
  silu: [[0], V(act.silu)],
  mish: [[0], V(act.mish)],
}

/** Rows we answer otherwise on purpose: our value and gradients, and why. docs/numerics.md lists them for users. */
export const deviations: Readonly<Record<string, { value: unknown; gradients: unknown; reason: string }>> = {
  'hypot 0 0': {
    value: 0,
    gradients: [0, 0],
    reason: 'the length of (a, b), like norm: the subgradient 0 at the origin instead of NaN',
  },
  'xlogy(0,0)': {
    value: 0,
    gradients: [0, 0],
    reason: 'x·log y is taken as 0 for x = 0, so nothing depends on y there',
  },
  'xlog1py(0,-1)': { value: 0, gradients: [0, 0], reason: 'as xlogy' },
  'softplus 1000': {
    value: [0, Math.LN2, 20.000000002061153, 21.00000000075826, 1000],
    gradients: [[0, 0.5, 0.9999999979388464, 0.9999999992417439, 1]],
    reason: 'exact everywhere; PyTorch returns x above a threshold of 20',
  },
  'BCE p=1,t=1': {
    value: 0,
    gradients: [[-1]],
    reason: 'the slope of −log p at 1 is −1; PyTorch jumps to 0 at that one point',
  },
  'BCE p=0,t=0': {
    value: 0,
    gradients: [[1]],
    reason: 'the slope of −log(1 − p) at 0 is 1; PyTorch jumps to 0 at that one point',
  },
  'BCE p=0,t=1': { value: 100, gradients: [[-1e12]], reason: 'as PyTorch but for its rounding of 1 - 1e-12' },
  'var N=1': {
    value: 'nan',
    gradients: [['nan']],
    reason: 'a gradient of the input’s shape; PyTorch 1.13 throws in backward',
  },
  'std N=1': { value: 'nan', gradients: [['nan']], reason: 'as var' },
}

/** Rows about what we do not have, or have in another form. */
export const notCovered: Readonly<Record<string, string>> = {
  aminmax: 'no aminmax: amin and amax',
  'maxpool1d tie': 'no pooling yet',
  'nuc norm 0': 'no linear algebra yet',
  'det singular': 'no linear algebra yet',
  'slogdet sing': 'no linear algebra yet',
  'eigvalsh degenerate': 'no linear algebra yet',
  'eigh vec degenerate': 'no linear algebra yet',
  heaviside: 'not differentiable; backward refuses, as the row says',
  argmax: 'not differentiable; backward refuses, as the row says',
  'cast to int': 'not differentiable; backward refuses, as the row says',
  'x>0': 'not differentiable; backward refuses, as the row says',
}
