// For each composite, inputs to draw and calls to make: what the derivative tests run through.
import { makeValue, type Sample, type Value } from '../../src/core/value.ts'
import * as activations from '../../src/tensor/composites/activations.ts'
import * as adaptive from '../../src/tensor/composites/adaptive-pooling.ts'
import * as arrange from '../../src/tensor/composites/arrangement.ts'
import * as contraction from '../../src/tensor/composites/contraction.ts'
import * as convolution from '../../src/tensor/composites/convolution.ts'
import * as einsums from '../../src/tensor/composites/einsum.ts'
import * as elementwise from '../../src/tensor/composites/elementwise.ts'
import * as geometry from '../../src/tensor/composites/geometry.ts'
import * as grouping from '../../src/tensor/composites/grouping.ts'
import * as indexing from '../../src/tensor/composites/indexing.ts'
import * as losses from '../../src/tensor/composites/losses.ts'
import * as margins from '../../src/tensor/composites/margin-losses.ts'
import * as moments from '../../src/tensor/composites/moments.ts'
import * as movement from '../../src/tensor/composites/movement.ts'
import * as layers from '../../src/tensor/composites/normalization.ts'
import * as ordering from '../../src/tensor/composites/ordering.ts'
import * as pooling from '../../src/tensor/composites/pooling.ts'
import * as quantiles from '../../src/tensor/composites/quantiles.ts'
import * as statistics from '../../src/tensor/composites/statistics.ts'
import * as writing from '../../src/tensor/composites/writing.ts'
import type { Subject } from './derivative-checks.ts'

export interface CompositeSample extends Omit<Sample<unknown>, 'params'> {
  readonly call: Subject
}

type Options = Omit<CompositeSample, 'shapes' | 'call'>
type Call = (...xs: never[]) => unknown
const s = (shapes: readonly (readonly number[])[], call: Call, options: Options = {}): CompositeSample => ({
  shapes,
  call: call as Subject,
  ...options,
})
const from = (low: number, high: number): Options => ({ domain: [low, high] })
const x = (shape: readonly number[], call: (x: Value) => unknown, options: Options = {}): CompositeSample =>
  s([shape], call, options)
const ints = (shape: readonly number[], ...list: number[]): Value =>
  makeValue(shape, 'int32', Int32Array.from(list))
const mask = (shape: readonly number[], ...list: number[]): Value =>
  makeValue(shape, 'bool', Uint8Array.from(list))
const both = (f: (x: Value) => unknown, ...domains: (readonly [number, number])[]): CompositeSample[] =>
  domains.flatMap(([low, high]) => [x([2, 3], f, from(low, high)), x([], f, from(low, high))])

const { positive, negative, wide } = { positive: [0.3, 2], negative: [-2, -0.3], wide: [-2, 2] } as const

export const compositeSamples: Readonly<Record<string, readonly CompositeSample[]>> = {
  // movement
  reshape: [x([2, 3], a => movement.reshape(a, [3, -1])), x([2, 3], a => movement.reshape(a, [2, 3]))],
  flatten: [x([2, 3, 2], a => movement.flatten(a, 1)), x([], a => movement.flatten(a))],
  unflatten: [x([2, 6], a => movement.unflatten(a, 1, [3, -1]))],
  transpose: [x([2, 3, 4], a => movement.transpose(a, 0, -1))],
  permute: [x([2, 3, 4], a => movement.permute(a, [2, 0, 1])), x([], a => movement.permute(a, []))],
  t: [x([2, 3], movement.t), x([3], movement.t)],
  squeeze: [x([2, 1, 3, 1], a => movement.squeeze(a)), x([2, 1, 3], a => movement.squeeze(a, [0, 1]))],
  unsqueeze: [x([2, 3], a => movement.unsqueeze(a, -1))],
  expand: [x([3, 1], a => movement.expand(a, [2, -1, 4]))],
  broadcastTo: [x([3], a => movement.broadcastTo(a, [2, 3]))],
  flip: [x([2, 3], a => movement.flip(a, [1])), x([2, 3], a => movement.flip(a, []))],
  movedim: [x([2, 3, 4], a => movement.movedim(a, [0, 1], [2, 0]))],
  tile: [x([2], a => movement.tile(a, [2, 3])), x([2, 2], a => movement.tile(a, 2))],
  repeat: [x([2], a => movement.repeat(a, [3, 2])), x([2], a => movement.repeat(a, [1]))],
  roll: [x([2, 3], a => movement.roll(a, 2)), x([2, 3], a => movement.roll(a, [1, -1], [0, 1]))],
  slice: [
    x([4, 5], a => movement.slice(a, [null, null, -2], [1, 4])),
    x([4, 5, 2], a => movement.slice(a, -1, null, [0, 1])),
    x([3], a => movement.slice(a)),
  ],
  select: [x([3, 4], a => movement.select(a, -1, 1))],
  narrow: [x([4, 2], a => movement.narrow(a, 0, 1, 2))],
  split: [x([5, 2], a => movement.split(a, 2)), x([2, 5], a => movement.split(a, [1, 4], 1))],
  chunk: [x([5], a => movement.chunk(a, 2))],
  unbind: [x([2, 3], a => movement.unbind(a, 1))],
  tensorSplit: [x([5], a => movement.tensorSplit(a, 3)), x([5], a => movement.tensorSplit(a, [1, 3]))],
  cat: [
    s(
      [
        [2, 1],
        [2, 3],
      ],
      (a, b) => movement.cat([a, b], 1),
    ),
    x([2], a => movement.cat([a])),
  ],
  stack: [s([[2], [2]], (a, b) => movement.stack([a, b], -1))],
  pad: [
    x([2, 3], a => movement.pad(a, [1, -1, 0, 2], { value: 3 })),
    x([2, 4], a => movement.pad(a, [2, 1], { mode: 'reflect' })),
    x([2, 3], a => movement.pad(a, [2, 1], { mode: 'replicate' })),
    x([2, 3], a => movement.pad(a, [2, 1], { mode: 'circular' })),
    x([2], a => movement.pad(a, [0, 0])),
  ],
  tril: [x([3, 4], a => movement.tril(a, 1))],
  triu: [x([2, 3, 3], a => movement.triu(a, -1))],
  diag: [x([3], a => movement.diag(a, -1)), x([3, 4], a => movement.diag(a, 1))],
  diagonal: [x([2, 3, 4], a => movement.diagonal(a, -1, 2, 0))],
  diagEmbed: [x([2, 3], a => movement.diagEmbed(a, 1, 0, 2))],
  // arrangement
  atLeast1d: [x([], arrange.atLeast1d)],
  atLeast2d: [x([3], arrange.atLeast2d)],
  atLeast3d: [x([2, 3], arrange.atLeast3d)],
  hstack: [s([[2], [3]], (a, b) => arrange.hstack([a, b]))],
  vstack: [s([[3], [3]], (a, b) => arrange.vstack([a, b]))],
  dstack: [
    s(
      [
        [2, 2],
        [2, 2],
      ],
      (a, b) => arrange.dstack([a, b]),
    ),
  ],
  columnStack: [s([[2], [2, 2]], (a, b) => arrange.columnStack([a, b]))],
  broadcastTensors: [s([[2, 1], [3]], (a, b) => arrange.broadcastTensors(a, b))],
  blockDiag: [s([[2, 1], [3]], (a, b) => arrange.blockDiag(a, b))],
  meshgrid: [s([[2], [3], []], (a, b, c) => arrange.meshgrid([a, b, c], { indexing: 'xy' }))],
  cartesianProd: [s([[2], [3]], (a, b) => arrange.cartesianProd(a, b))],
  combinations: [x([4], a => arrange.combinations(a, 2))],
  fliplr: [x([2, 3], arrange.fliplr)],
  flipud: [x([2, 3], arrange.flipud)],
  rot90: [
    x([2, 3], a => arrange.rot90(a)),
    x([2, 3], a => arrange.rot90(a, -1)),
    x([2, 3], a => arrange.rot90(a, 2)),
  ],
  repeatInterleave: [x([2, 3], a => arrange.repeatInterleave(a, [2, 0, 1], 1))],
  unfold: [x([5, 2], a => arrange.unfold(a, 0, 3, 2))],
  sumToSize: [x([2, 3], a => arrange.sumToSize(a, [1, 3]))],
  pixelShuffle: [x([1, 4, 2, 1], a => arrange.pixelShuffle(a, 2))],
  pixelUnshuffle: [x([1, 1, 2, 4], a => arrange.pixelUnshuffle(a, 2))],
  // statistics
  sum: [x([2, 3, 2], a => statistics.sum(a, [0, -1])), x([], a => statistics.sum(a))],
  mean: [x([2, 3], a => statistics.mean(a, 1, { keepdim: true })), x([2, 3], a => statistics.mean(a))],
  prod: [x([2, 3], a => statistics.prod(a, 1)), x([2, 3], a => statistics.prod(a))],
  amax: [x([2, 3], a => statistics.amax(a, 1))],
  amin: [x([2, 3], a => statistics.amin(a))],
  max: [x([2, 3], a => statistics.max(a, 1)), x([2, 3], a => statistics.max(a))],
  min: [x([2, 3], a => statistics.min(a, 0, { keepdim: true })), x([2, 3], a => statistics.min(a))],
  var: [x([2, 3], a => statistics.var(a, 1)), x([4], a => statistics.var(a, null, { correction: 0 }))],
  variance: [x([2, 3], a => statistics.variance(a, 0))],
  std: [x([2, 3], a => statistics.std(a, 1)), x([2, 3], a => statistics.std(a))],
  sqrtOrZero: [x([3], statistics.sqrtOrZero, from(...positive))],
  logsumexp: [x([2, 3], a => statistics.logsumexp(a, 1)), x([2, 3], a => statistics.logsumexp(a))],
  norm: [2, 1, 3, 0.5, -1, -2.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].flatMap(p => [
    x([2, 3], a => statistics.norm(a, p, 1), from(...positive)),
    x([3], a => statistics.norm(a, p), from(...negative)),
  ]),
  cumsum: [x([2, 3], a => statistics.cumsum(a, -1)), x([], a => statistics.cumsum(a, 0))],
  cumprod: [x([2, 3], a => statistics.cumprod(a, 0)), x([4], a => statistics.cumprod(a, 0))],
  varMean: [x([2, 3], a => moments.varMean(a, 1))],
  stdMean: [x([2, 3], a => moments.stdMean(a, 1))],
  nansum: [x([2, 3], a => moments.nansum(a, 1))],
  nanmean: [x([2, 3], a => moments.nanmean(a))],
  trace: [x([2, 3], moments.trace)],
  cov: [
    x([2, 4], a => moments.cov(a)),
    s([[2, 4], [4]], (a, w) => moments.cov(a, { aweights: w }), from(...positive)),
  ],
  corrcoef: [x([2, 5], moments.corrcoef)],
  diff: [x([2, 4], a => moments.diff(a, 2))],
  trapezoid: [s([[2, 3], [3]], (y, t) => moments.trapezoid(y, -1, { x: t }))],
  cumulativeTrapezoid: [x([2, 3], a => moments.cumulativeTrapezoid(a, 0, { dx: 2 }))],
  logcumsumexp: [x([2, 4], a => moments.logcumsumexp(a, 1))],
  quantile: [x([2, 4], a => quantiles.quantile(a, 0.3, 1)), x([5], a => quantiles.quantile(a, 0.6))],
  nanquantile: [x([2, 4], a => quantiles.nanquantile(a, 0.3, 1))],
  nanmedian: [x([2, 4], a => quantiles.nanmedian(a, 1)), x([5], a => quantiles.nanmedian(a))],
  mode: [x([2, 3], a => quantiles.mode(a, 1))],
  // order
  sort: [x([2, 4], a => ordering.sort(a, 1)), x([2, 4], a => ordering.sort(a, 0, { descending: true }))],
  topk: [x([5], a => ordering.topk(a, 2)), x([2, 4], a => ordering.topk(a, 2, 1, { largest: false }))],
  kthvalue: [x([2, 4], a => ordering.kthvalue(a, 2, 1))],
  median: [x([2, 4], a => ordering.median(a, 1)), x([5], a => ordering.median(a))],
  cummax: [x([2, 4], a => ordering.cummax(a, 1))],
  cummin: [x([4], a => ordering.cummin(a, 0))],
  // activations
  leakyRelu: both(a => activations.leakyRelu(a), positive, negative),
  prelu: [
    s([[2, 3], [3]], (a, w) => activations.prelu(a, w), from(...negative)),
    s([[3], []], (a, w) => activations.prelu(a, w), from(...positive)),
  ],
  elu: both(a => activations.elu(a, { alpha: 1.5 }), positive, negative),
  celu: both(a => activations.celu(a, { alpha: 0.7 }), positive, negative),
  selu: both(activations.selu, positive, negative),
  gelu: [
    ...both(a => activations.gelu(a), wide),
    ...both(a => activations.gelu(a, { approximate: 'tanh' }), wide),
  ],
  silu: both(activations.silu, wide),
  mish: both(activations.mish, wide),
  softplus: [
    ...both(a => activations.softplus(a), wide),
    ...both(a => activations.softplus(a, { beta: 2, threshold: 20 }), wide),
  ],
  logSigmoid: both(activations.logSigmoid, wide),
  softmax: [x([2, 3], a => activations.softmax(a, -1)), x([], a => activations.softmax(a, 0))],
  softmin: [x([2, 3], a => activations.softmin(a, 0))],
  logSoftmax: [x([2, 3], a => activations.logSoftmax(a, 1))],
  hardtanh: both(a => activations.hardtanh(a), [-0.8, 0.8], [1.2, 2]),
  relu6: both(activations.relu6, [0.5, 5.5], [6.5, 8], negative),
  hardsigmoid: both(activations.hardsigmoid, [-2, 2], [3.5, 4]),
  hardswish: both(activations.hardswish, [-2, 2], [3.5, 4], [-4, -3.5]),
  hardshrink: both(a => activations.hardshrink(a), [0.6, 2], [-0.4, 0.4]),
  softshrink: both(a => activations.softshrink(a), [0.6, 2], [-0.4, 0.4], [-2, -0.6]),
  softsign: both(activations.softsign, positive, negative),
  tanhshrink: both(activations.tanhshrink, wide),
  threshold: both(a => activations.threshold(a, 0.1, 20), positive, negative),
  glu: [x([2, 4], a => activations.glu(a)), x([2, 3], a => activations.glu(a, 0))],
  // elementwise
  divide: [
    s([[2, 3], [3]], (a, b) => elementwise.divide(a, b), from(...positive)),
    s([[2], [2]], (a, b) => elementwise.divide(a, b, { rounding: 'floor' }), {
      domain: [
        [2.2, 2.8],
        [1.05, 1.1],
      ],
    }),
  ],
  floorDivide: [
    s([[2], [2]], (a, b) => elementwise.floorDivide(a, b), {
      domain: [
        [2.2, 2.8],
        [1.05, 1.1],
      ],
    }),
  ],
  frac: [x([3], elementwise.frac, from(0.2, 0.8))],
  roundTo: [x([3], a => elementwise.roundTo(a, 0), from(0.6, 1.4))],
  xlogy: [s([[2, 3], [3]], (a, b) => elementwise.xlogy(a, b), from(...positive))],
  xlog1py: [s([[2, 3], [3]], (a, b) => elementwise.xlog1py(a, b), from(...positive))],
  logaddexp: [s([[2, 3], [3]], (a, b) => elementwise.logaddexp(a, b))],
  logaddexp2: [s([[2, 3], [3]], (a, b) => elementwise.logaddexp2(a, b))],
  exp2: both(elementwise.exp2, wide),
  ldexp: [s([[2], [2]], (a, n) => elementwise.ldexp(a, n))],
  floatPower: [s([[2], [2]], (a, n) => elementwise.floatPower(a, n), from(...positive))],
  hypot: [s([[2, 3], [3]], (a, b) => elementwise.hypot(a, b), from(...positive))],
  sinc: [
    x([7], elementwise.sinc, from(-2, 2)),
    x([3], elementwise.sinc, from(-0.07, 0.07)),
    x([], a => elementwise.sinc(a), from(-1e-9, 1e-9)),
  ],
  nanToNum: both(a => elementwise.nanToNum(a), wide),
  lerp: [s([[2, 3], [3], []], (a, b, w) => elementwise.lerp(a, b, w))],
  addcmul: [s([[2, 3], [3], [2, 1]], (a, b, c) => elementwise.addcmul(a, b, c, { value: 2 }))],
  addcdiv: [
    s([[2, 3], [3], [2, 1]], (a, b, c) => elementwise.addcdiv(a, b, c, { value: 2 }), from(...positive)),
  ],
  fmax: [
    s([[2], [2]], (a, b) => elementwise.fmax(a, b), {
      domain: [
        [0, 1],
        [0.4, 0.45],
      ],
    }),
  ],
  fmin: [
    s([[2], [2]], (a, b) => elementwise.fmin(a, b), {
      domain: [
        [0, 1],
        [0.4, 0.45],
      ],
    }),
  ],
  copysign: [s([[2], [2]], (a, b) => elementwise.copysign(a, b), { domain: [positive, negative] })],
  logit: both(a => elementwise.logit(a), [0.1, 0.9]),
  ndtr: both(elementwise.ndtr, wide),
  mvlgamma: both(a => elementwise.mvlgamma(a, 3), [1.5, 4]),
  vander: [x([3], a => elementwise.vander(a)), x([], a => elementwise.vander(a, 3))],
  rad2deg: both(elementwise.rad2deg, wide),
  deg2rad: both(elementwise.deg2rad, wide),
  // contraction
  matmul: [
    s([[3], [3]], (a, b) => contraction.matmul(a, b)),
    s([[3], [3, 2]], (a, b) => contraction.matmul(a, b)),
    s([[2, 3], [3]], (a, b) => contraction.matmul(a, b)),
    s(
      [
        [2, 3],
        [3, 2],
      ],
      (a, b) => contraction.matmul(a, b),
    ),
    s(
      [
        [2, 1, 2, 3],
        [3, 2],
      ],
      (a, b) => contraction.matmul(a, b),
    ),
    s([[3], [2, 3, 2]], (a, b) => contraction.matmul(a, b)),
    s([[2, 2, 3], [3]], (a, b) => contraction.matmul(a, b)),
    s(
      [
        [2, 1, 2, 3],
        [2, 3, 1],
      ],
      (a, b) => contraction.matmul(a, b),
    ),
    s(
      [
        [2, 0],
        [0, 3],
      ],
      (a, b) => contraction.matmul(a, b),
    ),
  ],
  dot: [s([[3], [3]], (a, b) => contraction.dot(a, b))],
  mv: [s([[2, 3], [3]], (a, b) => contraction.mv(a, b))],
  mm: [
    s(
      [
        [2, 3],
        [3, 2],
      ],
      (a, b) => contraction.mm(a, b),
    ),
  ],
  bmm: [
    s(
      [
        [2, 2, 3],
        [2, 3, 1],
      ],
      (a, b) => contraction.bmm(a, b),
    ),
  ],
  outer: [s([[2], [3]], (a, b) => contraction.outer(a, b))],
  inner: [
    s(
      [
        [2, 3],
        [4, 3],
      ],
      (a, b) => contraction.inner(a, b),
    ),
    s([[], [3]], (a, b) => contraction.inner(a, b)),
  ],
  linear: [
    s([[2, 3], [4, 3], [4]], (a, w, b) => contraction.linear(a, w, b)),
    s([[3], [4, 3]], (a, w) => contraction.linear(a, w)),
    s([[2, 2, 3], [3]], (a, w) => contraction.linear(a, w)),
  ],
  tensordot: [
    s(
      [
        [2, 3, 4],
        [3, 4, 2],
      ],
      (a, b) => contraction.tensordot(a, b),
    ),
    s(
      [
        [2, 3],
        [4, 2],
      ],
      (a, b) => contraction.tensordot(a, b, [[0], [1]]),
    ),
  ],
  addmm: [s([[2], [2, 3], [3, 2]], (a, b, c) => contraction.addmm(a, b, c, { alpha: 2, beta: 0.5 }))],
  addmv: [s([[2], [2, 3], [3]], (a, b, c) => contraction.addmv(a, b, c))],
  addr: [s([[2, 3], [2], [3]], (a, b, c) => contraction.addr(a, b, c))],
  baddbmm: [
    s(
      [
        [2, 2, 2],
        [2, 2, 3],
        [2, 3, 2],
      ],
      (a, b, c) => contraction.baddbmm(a, b, c),
    ),
  ],
  addbmm: [
    s(
      [
        [2, 2],
        [2, 2, 3],
        [2, 3, 2],
      ],
      (a, b, c) => contraction.addbmm(a, b, c),
    ),
  ],
  multiDot: [s([[2, 3], [3, 2], [2]], (a, b, c) => contraction.multiDot([a, b, c]))],
  matrixPower: [x([2, 2], a => contraction.matrixPower(a, 5)), x([2, 2], a => contraction.matrixPower(a, 1))],
  einsum: [
    s(
      [
        [2, 3],
        [3, 4],
      ],
      (a, b) => einsums.einsum('ij,jk->ik', a, b),
    ),
    s([[2, 3], [2, 3, 2], [2]], (a, b, c) => einsums.einsum('bi, bij, j -> b', a, b, c)),
    s([[3, 3], [3]], (a, b) => einsums.einsum('ii,i', a, b)),
    s(
      [
        [2, 1, 3],
        [4, 3],
      ],
      (a, b) => einsums.einsum('...i,...i->...', a, b),
    ),
    s(
      [
        [2, 3],
        [1, 3],
      ],
      (a, b) => einsums.einsum('ij,ij->j', a, b),
    ),
    x([2, 3], a => einsums.einsum('ij', a)),
    x([2, 2, 3], a => einsums.einsum('iij->ji', a)),
    s([[2], [3], [2]], (a, b, c) => einsums.einsum('i,j,k->kij', a, b, c)),
  ],
  // indexing
  gather: [x([3, 2], a => indexing.gather(a, 0, ints([2, 2], 2, 0, 2, 1)))],
  scatterAdd: [
    s(
      [
        [3, 2],
        [2, 2],
      ],
      (a, b) => indexing.scatterAdd(a, 0, ints([2, 2], 2, 0, 2, 1), b),
    ),
  ],
  indexSelect: [x([3, 2], a => indexing.indexSelect(a, -1, ints([3], 1, 1, 0)))],
  indexAdd: [
    s(
      [
        [3, 2],
        [2, 2],
      ],
      (a, b) => indexing.indexAdd(a, 0, ints([2], 1, 1), b, { alpha: 2 }),
    ),
  ],
  indexFill: [s([[3], []], (a, v) => indexing.indexFill(a, 0, ints([1], -1), v))],
  maskedFill: [
    x([3], a => indexing.maskedFill(a, mask([3], 1, 0, 1), 2)),
    s([[2, 3], []], (a, v) => indexing.maskedFill(a, mask([3], 1, 0, 1), v)),
  ],
  maskedSelect: [x([2, 3], a => indexing.maskedSelect(a, mask([3], 1, 0, 1)))],
  embedding: [x([4, 2], w => indexing.embedding(ints([2, 2], 3, 0, 3, 1), w))],
  takeAlongDim: [x([3, 1], a => indexing.takeAlongDim(a, ints([2, 2], 0, 2, 1, 1), 0))],
  take: [x([2, 3], a => indexing.take(a, ints([2, 2], 5, 0, -1, 3)))],
  scatter: [
    s(
      [
        [3, 2],
        [1, 2],
      ],
      (a, b) => writing.scatter(a, 0, ints([1, 2], 2, 0), b),
    ),
  ],
  indexCopy: [
    s(
      [
        [3, 2],
        [2, 2],
      ],
      (a, b) => writing.indexCopy(a, 0, ints([2], 2, 0), b),
    ),
  ],
  indexPut: [
    s(
      [
        [3, 2],
        [2, 2],
      ],
      (a, b) => writing.indexPut(a, ints([2], 2, 0), b),
    ),
    s([[3], [2]], (a, b) => writing.indexPut(a, ints([2], 1, 1), b, { accumulate: true })),
  ],
  put: [s([[2, 2], [2]], (a, b) => writing.put(a, ints([2], 3, -4), b))],
  maskedScatter: [s([[4], [3]], (a, b) => writing.maskedScatter(a, mask([4], 1, 0, 0, 1), b))],
  selectScatter: [s([[3, 2], [3]], (a, b) => writing.selectScatter(a, b, 1, -1))],
  diagonalScatter: [s([[3, 3], [2]], (a, b) => writing.diagonalScatter(a, b, 1))],
  scatterReduce: (['sum', 'mean', 'prod', 'amax', 'amin'] as const).map(reduction =>
    s(
      [
        [3, 2],
        [2, 2],
      ],
      (a, b) => grouping.scatterReduce(a, 0, ints([2, 2], 2, 0, 2, 1), b, reduction),
    ),
  ),
  indexReduce: [
    s(
      [
        [3, 2],
        [2, 2],
      ],
      (a, b) => grouping.indexReduce(a, 0, ints([2], 1, 1), b, 'prod', { includeSelf: false }),
    ),
  ],
  segmentReduce: [
    x([4, 2], a => grouping.segmentReduce(a, [1, 0, 3], 'mean', { initial: 2 })),
    x([4], a => grouping.segmentReduce(a, [3, 1], 'amax')),
  ],
  embeddingBag: [
    x([3, 2], w => grouping.embeddingBag(ints([2, 2], 2, 0, 2, 1), w)),
    x([3, 2], w =>
      grouping.embeddingBag(ints([4], 2, 0, 1, 1), w, { offsets: [0, 1, 1], mode: 'max', paddingIdx: 0 }),
    ),
    s(
      [
        [3, 2],
        [2, 2],
      ],
      (w, v) => grouping.embeddingBag(ints([2, 2], 2, 0, 2, 1), w, { mode: 'sum', weights: v }),
    ),
  ],
  // geometry and layers
  dist: [s([[2, 3], [3]], (a, b) => geometry.dist(a, b))],
  cdist: [
    s(
      [
        [2, 3],
        [4, 3],
      ],
      (a, b) => geometry.cdist(a, b),
    ),
    s(
      [
        [2, 2, 3],
        [2, 3],
      ],
      (a, b) => geometry.cdist(a, b, 3),
    ),
  ],
  pdist: [x([3, 2], a => geometry.pdist(a))],
  pairwiseDistance: [
    s(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => geometry.pairwiseDistance(a, b),
    ),
  ],
  cosineSimilarity: [
    s(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => geometry.cosineSimilarity(a, b),
    ),
    s(
      [
        [2, 1, 3],
        [2, 3],
      ],
      (a, b) => geometry.cosineSimilarity(a, b, { dim: -1 }),
    ),
  ],
  normalize: [
    x([2, 3], a => geometry.normalize(a)),
    x([2, 3], a => geometry.normalize(a, { p: 1, dim: 0 }), from(...positive)),
  ],
  renorm: [x([2, 3], a => geometry.renorm(a, 2, 0, 0.5), from(...positive))],
  cross: [s([[2, 3], [3]], (a, b) => geometry.cross(a, b, -1))],
  conv1d: [
    s([[2, 4, 7], [6, 2, 3], [6]], (a, w, b) =>
      convolution.conv1d(a, w, { bias: b, stride: 2, padding: 1, dilation: 2, groups: 2 }),
    ),
    s(
      [
        [2, 5],
        [1, 2, 1],
      ],
      (a, w) => convolution.conv1d(a, w),
    ),
  ],
  conv2d: [
    s([[2, 2, 4, 5], [3, 2, 3, 2], [3]], (a, w, b) => convolution.conv2d(a, w, { bias: b, padding: 'same' })),
    s(
      [
        [1, 4, 5, 4],
        [4, 1, 2, 2],
      ],
      (a, w) => convolution.conv2d(a, w, { stride: [2, 1], padding: [0, 1], groups: 4 }),
    ),
    s(
      [
        [0, 2, 3, 3],
        [1, 2, 2, 2],
      ],
      (a, w) => convolution.conv2d(a, w),
    ),
  ],
  convTranspose1d: [
    s([[2, 4, 3], [4, 1, 3], [2]], (a, w, b) =>
      convolution.convTranspose1d(a, w, { bias: b, stride: 2, padding: 1, outputPadding: 1, groups: 2 }),
    ),
  ],
  convTranspose2d: [
    s(
      [
        [1, 2, 2, 3],
        [2, 3, 2, 2],
      ],
      (a, w) => convolution.convTranspose2d(a, w, { stride: [1, 2], dilation: [2, 1] }),
    ),
  ],
  im2col: [x([1, 2, 4, 4], a => convolution.im2col(a, [2, 3], { stride: 2, padding: 1 }))],
  col2im: [x([1, 12, 6], a => convolution.col2im(a, [4, 4], [2, 3], { stride: 2, padding: 1 }))],
  maxPool1d: [x([2, 3, 7], a => pooling.maxPool1d(a, 3, { stride: 2, padding: 1, dilation: 2 }))],
  maxPool2d: [
    x([2, 1, 4, 6], a => pooling.maxPool2d(a, 2)),
    x([1, 5, 5], a => pooling.maxPool2d(a, [3, 2], { stride: [2, 1], padding: 1, ceilMode: true })),
    x([0, 2, 4, 4], a => pooling.maxPool2d(a, 2)),
  ],
  avgPool1d: [x([2, 2, 7], a => pooling.avgPool1d(a, 3, { stride: 2, padding: 1, ceilMode: true }))],
  avgPool2d: [
    x([2, 1, 5, 6], a => pooling.avgPool2d(a, 2)),
    x([1, 2, 5, 5], a => pooling.avgPool2d(a, 3, { stride: 2, padding: 1, countIncludePad: false })),
  ],
  avgPool3d: [x([1, 1, 3, 4, 4], a => pooling.avgPool3d(a, [2, 2, 3], { stride: 1, divisorOverride: 5 }))],
  adaptiveAvgPool1d: [x([2, 2, 7], a => adaptive.adaptiveAvgPool1d(a, 3))],
  adaptiveAvgPool2d: [x([1, 2, 5, 4], a => adaptive.adaptiveAvgPool2d(a, [3, null]))],
  adaptiveAvgPool3d: [x([1, 1, 3, 4, 2], a => adaptive.adaptiveAvgPool3d(a, 2))],
  adaptiveMaxPool1d: [x([2, 7], a => adaptive.adaptiveMaxPool1d(a, 3))],
  adaptiveMaxPool2d: [x([1, 2, 5, 4], a => adaptive.adaptiveMaxPool2d(a, [3, 2]))],
  maxUnpool1d: [x([1, 1, 2], a => adaptive.maxUnpool1d(a, ints([1, 1, 2], 0, 3), [4]))],
  maxUnpool2d: [x([1, 1, 1, 2], a => adaptive.maxUnpool2d(a, ints([1, 1, 1, 2], 5, 2), [2, 3]))],
  layerNorm: [s([[2, 3], [3], [3]], (a, w, b) => layers.layerNorm(a, [3], { weight: w, bias: b }))],
  batchNorm: [
    s([[4, 2], [2], [2]], (a, w, b) => layers.batchNorm(a, null, null, { weight: w, bias: b })),
    s([[2, 2, 3], [2], [2]], (a, m, v) => layers.batchNorm(a, m, v), from(...positive)),
  ],
  instanceNorm: [x([2, 2, 4], a => layers.instanceNorm(a))],
  groupNorm: [s([[2, 4, 2], [4]], (a, w) => layers.groupNorm(a, 2, { weight: w }))],
  localResponseNorm: [x([2, 4, 2], a => layers.localResponseNorm(a, 3, { alpha: 0.5 }))],
  attentionWeights: [
    s(
      [
        [2, 3, 2],
        [2, 4, 2],
      ],
      (q, k) => layers.attentionWeights(q, k),
    ),
  ],
  scaledDotProductAttention: [
    s(
      [
        [3, 2],
        [3, 2],
        [3, 2],
      ],
      (q, k, v) => layers.scaledDotProductAttention(q, k, v, { isCausal: true }),
    ),
    s(
      [
        [3, 2],
        [4, 2],
        [4, 2],
        [3, 4],
      ],
      (q, k, v, m) => layers.scaledDotProductAttention(q, k, v, { mask: m }),
    ),
  ],
  bilinear: [s([[2, 3], [2, 2], [4, 3, 2], [4]], (a, b, w, c) => layers.bilinear(a, b, w, c))],
  // losses
  mseLoss: [
    s(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => losses.mseLoss(a, b),
    ),
    s([[3], [3]], (a, b) => losses.mseLoss(a, b, { reduction: 'none' })),
  ],
  l1Loss: [
    s(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => losses.l1Loss(a, b, { reduction: 'sum' }),
      { domain: [positive, negative] },
    ),
  ],
  huberLoss: [
    s(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => losses.huberLoss(a, b, { delta: 0.5 }),
      { domain: [positive, negative] },
    ),
    s([[3], [3]], (a, b) => losses.huberLoss(a, b, { delta: 9 })),
  ],
  smoothL1Loss: [
    s(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => losses.smoothL1Loss(a, b, { beta: 0.5 }),
      { domain: [positive, negative] },
    ),
    s([[3], [3]], (a, b) => losses.smoothL1Loss(a, b, { beta: 9 })),
  ],
  crossEntropy: [
    x([2, 3], a => losses.crossEntropy(a, ints([2], 2, 0))),
    s(
      [[3, 3], [3]],
      (a, w) => losses.crossEntropy(a, ints([3], 2, -100, 1), { weight: w, labelSmoothing: 0.2 }),
      from(...positive),
    ),
    x([2, 3, 2], a => losses.crossEntropy(a, ints([2, 2], 2, 0, 1, 1), { reduction: 'none' })),
    x([3], a => losses.crossEntropy(a, ints([], 1))),
    s(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => losses.crossEntropy(a, b, { labelSmoothing: 0.1 }),
      from(0.1, 0.9),
    ),
  ],
  nllLoss: [
    x([2, 3], a => losses.nllLoss(a, ints([2], 2, 0))),
    s(
      [[2, 3], [3]],
      (a, w) => losses.nllLoss(a, ints([2], 2, 0), { weight: w, reduction: 'sum' }),
      from(...positive),
    ),
  ],
  binaryCrossEntropy: [
    s(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => losses.binaryCrossEntropy(a, b),
      from(0.1, 0.9),
    ),
    s([[3], [3], [3]], (a, b, w) => losses.binaryCrossEntropy(a, b, { weight: w }), from(0.1, 0.9)),
  ],
  binaryCrossEntropyWithLogits: [
    s(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => losses.binaryCrossEntropyWithLogits(a, b),
    ),
    s([[2, 3], [2, 3], [3], [3]], (a, b, w, p) =>
      losses.binaryCrossEntropyWithLogits(a, b, { weight: w, posWeight: p }),
    ),
  ],
  klDiv: [
    s(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => losses.klDiv(a, b, { reduction: 'batchmean' }),
      from(...positive),
    ),
    s([[3], [3]], (a, b) => losses.klDiv(a, b, { logTarget: true })),
  ],
  hingeEmbeddingLoss: [s([[2, 2]], a => margins.hingeEmbeddingLoss(a, ints([2, 2], 1, -1, -1, 1)))],
  marginRankingLoss: [
    s([[3], [3]], (a, b) => margins.marginRankingLoss(a, b, ints([3], 1, -1, 1), { margin: 5 })),
  ],
  cosineEmbeddingLoss: [
    s(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => margins.cosineEmbeddingLoss(a, b, ints([2], 1, -1), { margin: -0.9 }),
    ),
  ],
  softMarginLoss: [
    s(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => margins.softMarginLoss(a, b),
    ),
  ],
  multilabelSoftMarginLoss: [
    s(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => margins.multilabelSoftMarginLoss(a, b),
    ),
  ],
  multiMarginLoss: [x([2, 3], a => margins.multiMarginLoss(a, ints([2], 2, 0), { p: 2, margin: 5 }))],
  multilabelMarginLoss: [
    x([2, 3], a => margins.multilabelMarginLoss(a, ints([2, 3], 2, -1, 0, 0, 1, -1)), from(0, 0.5)),
  ],
  tripletMarginLoss: [
    s(
      [
        [2, 3],
        [2, 3],
        [2, 3],
      ],
      (a, b, c) => margins.tripletMarginLoss(a, b, c, { margin: 9 }),
    ),
  ],
  poissonNllLoss: [
    s(
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => margins.poissonNllLoss(a, b, { full: true }),
      from(1.1, 3),
    ),
    s([[3], [3]], (a, b) => margins.poissonNllLoss(a, b, { logInput: false }), from(...positive)),
  ],
  gaussianNllLoss: [
    s(
      [
        [2, 3],
        [2, 3],
        [2, 3],
      ],
      (a, b, v) => margins.gaussianNllLoss(a, b, v, { full: true }),
      from(...positive),
    ),
    s([[2, 3], [2, 3], [2]], (a, b, v) => margins.gaussianNllLoss(a, b, v), from(...positive)),
  ],
}

/** Composites whose results are positions, truth values or counts. */
export const notDifferentiable: readonly string[] = [
  'argmax',
  'argmin',
  'any',
  'all',
  'argsort',
  'oneHot',
  'heaviside',
  'isinf',
  'signbit',
]

/** What the folder exports beside composites: primitives passed on, and pieces that composites share. */
const others = new Set([
  'completeShape',
  'readAlong',
  'dropDim',
  'reduceLoss',
  'requireSameShape',
  ...[
    'digamma',
    'entr',
    'erfcx',
    'erfinv',
    'fmod',
    'i0',
    'i0e',
    'i1',
    'i1e',
    'lgamma',
    'log2',
    'log10',
    'logNdtr',
    'ndtri',
    'polygamma',
    'remainder',
  ],
])

/** The names of all composites. */
export const exported: readonly string[] = [
  activations,
  arrange,
  contraction,
  einsums,
  elementwise,
  geometry,
  grouping,
  indexing,
  losses,
  margins,
  moments,
  movement,
  quantiles,
  layers,
  ordering,
  statistics,
  writing,
].flatMap(module => Object.keys(module).filter(name => !others.has(name)))
