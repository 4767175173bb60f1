// From PyTorch's names to ours: for each operator test, the order of its Python arguments and the call that answers it.
import { clamp } from 'chainrule'
import { scalar } from '../../src/core/scalar.ts'
import type { Value } from '../../src/core/value.ts'
import { alias, cast } from '../../src/primitives/cast.ts'
import * as p from '../../src/primitives/elementwise/arithmetic.ts'
import { where } from '../../src/primitives/elementwise/compare.ts'
import * as math from '../../src/primitives/elementwise/math.ts'
import * as activations from '../../src/tensor/composites/activations.ts'
import * as adaptive from '../../src/tensor/composites/adaptive-pooling.ts'
import * as arrange from '../../src/tensor/composites/arrangement.ts'
import * as contraction from '../../src/tensor/composites/contraction.ts'
import * as convolution from '../../src/tensor/composites/convolution.ts'
import { einsum } from '../../src/tensor/composites/einsum.ts'
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
import type { PythonSlice } from './pytorch-values.ts'

/** Arguments of one Python call by name; absent and None are undefined. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments of hundreds of Python functions
type Named = Record<string, any>

/** A Python signature (a name preceded by * takes the rest) and the call that answers it. */
type Adapter = readonly [signature: string, call: (a: Named) => unknown]

/** Names the arguments of a call. */
export function named(
  signature: string,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
): Named {
  const out: Named = {}
  for (const [i, name] of signature.split(' ').entries()) {
    if (name.startsWith('*')) {
      // A variadic argument may come as one sequence: reshape(2, 3) and reshape((2, 3)).
      const rest = args.slice(i)
      out[name.slice(1)] = rest.length === 1 && Array.isArray(rest[0]) ? rest[0] : rest
      break
    }
    if (i < args.length) out[name] = args[i] ?? undefined
  }
  for (const [name, value] of Object.entries(kwargs)) out[name] = value ?? undefined
  return out
}

/** Without the options that are undefined, so that defaults apply. */
function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}

const unary = (f: (x: Value) => unknown): Adapter => ['x', a => f(a.x)]
const binary = (f: (a: Value, b: Value) => unknown): Adapter => ['a b', a => f(a.a, a.b)]
const reduce = (f: (x: Value, dim?: number, options?: statistics.ReduceOptions) => unknown): Adapter => [
  'input dim keepdim',
  a => f(a.input, a.dim, given({ keepdim: a.keepdim })),
]
const spread = (f: (x: Value, dim?: number, options?: statistics.VarianceOptions) => unknown): Adapter => [
  'input dim unbiased keepdim',
  a => {
    // std(x, unbiased) is an overload of std(x, dim, unbiased).
    const flag = typeof a.dim === 'boolean' ? a.dim : a.unbiased
    const correction = a.correction ?? (flag === undefined ? undefined : Number(flag))
    return f(
      a.input,
      typeof a.dim === 'boolean' ? undefined : a.dim,
      given({ correction, keepdim: a.keepdim }),
    )
  },
]
const convolve = (f: typeof convolution.conv2d): Adapter => [
  'x weight bias stride padding dilation groups',
  a =>
    f(
      a.x,
      a.weight,
      given({ bias: a.bias, stride: a.stride, padding: a.padding, dilation: a.dilation, groups: a.groups }),
    ),
]
const deconvolve = (f: typeof convolution.convTranspose2d): Adapter => [
  'x weight bias stride padding output_padding groups dilation',
  a =>
    f(
      a.x,
      a.weight,
      given({
        bias: a.bias,
        stride: a.stride,
        padding: a.padding,
        outputPadding: a.output_padding,
        groups: a.groups,
        dilation: a.dilation,
      }),
    ),
]
const maxPool = (f: typeof pooling.maxPool2d, at: typeof pooling.maxPool2dIndices): Adapter => [
  'x kernel_size stride padding dilation ceil_mode return_indices',
  a => {
    const options = given({
      stride: a.stride,
      padding: a.padding,
      dilation: a.dilation,
      ceilMode: a.ceil_mode,
    })
    const y = f(a.x, a.kernel_size, options)
    return a.return_indices !== true ? y : [y, at(a.x, a.kernel_size, options)]
  },
]
const avgPool = (f: typeof pooling.avgPool2d): Adapter => [
  'x kernel_size stride padding ceil_mode count_include_pad divisor_override',
  a =>
    f(
      a.x,
      a.kernel_size,
      given({
        stride: a.stride,
        padding: a.padding,
        ceilMode: a.ceil_mode,
        countIncludePad: a.count_include_pad,
        divisorOverride: a.divisor_override,
      }),
    ),
]
/** PyTorch's None in a list of sizes is our null. */
const keeping = (size: unknown) => (Array.isArray(size) ? size.map(n => n ?? null) : (size as number))
const adaptiveMax = (
  f: typeof adaptive.adaptiveMaxPool2d,
  at: typeof adaptive.adaptiveMaxPool2dIndices,
): Adapter => [
  'x size return_indices',
  a =>
    a.return_indices === true ? [f(a.x, keeping(a.size)), at(a.x, keeping(a.size))] : f(a.x, keeping(a.size)),
]
const along = (f: (x: Value, dim: number) => Value): Adapter => [
  'input dim dtype',
  a => f(a.dtype === undefined ? a.input : cast(a.input, a.dtype), a.dim),
]
/** Losses refuse what PyTorch would broadcast, so the broadcasting is done here. */
const loss = (
  signature: string,
  f: (a: Named, options: { reduction?: losses.Reduction }) => unknown,
): Adapter => [signature, a => f(a, given({ reduction: a.reduction }))]
const likeInput = (a: Named, name: string): Value => movement.expand(a[name], a.input.shape)

/** Reductions over what a mask admits; `fill` stands for what it does not. */
function masked(
  fill: number,
  reduction: (x: Value, a: Named, keepdim: { keepdim?: boolean }) => unknown,
  signature = 'input dim',
): Adapter {
  return [
    signature,
    a => {
      const x = a.mask === undefined ? a.input : where(a.mask, a.input, scalar(fill, a.input.dtype))
      return reduction(x, a, given({ keepdim: a.keepdim }))
    },
  ]
}

/** Statistics over what a mask admits, by counting it. */
function maskedMoments(a: Named): {
  x: Value
  admitted: Value
  count: Value
  mean: Value
  dims: number | undefined
} {
  const admitted =
    a.mask === undefined
      ? p.add(p.mul(a.input, 0), 1)
      : movement.expand(cast(a.mask, 'float64'), a.input.shape)
  const count = statistics.sum(admitted, a.dim, { keepdim: true })
  const x = where(admitted, a.input, scalar(0, 'float64'))
  return { x, admitted, count, mean: p.div(statistics.sum(x, a.dim, { keepdim: true }), count), dims: a.dim }
}
function maskedVariance(a: Named): Value {
  const { admitted, count, mean } = maskedMoments(a)
  const apart = where(admitted, p.square(p.sub(a.input, mean)), scalar(0, 'float64'))
  const total = statistics.sum(apart, a.dim, given({ keepdim: a.keepdim }))
  const divisor = p.maximum(p.sub(count, a.unbiased === false ? 0 : 1), 0)
  return p.div(total, movement.reshape(divisor, total.shape))
}

function getItem(x: Value, index: unknown): Value {
  // torch.tensor and lists both index; slices stay where they are.
  const whole = Array.isArray(index) && index.every(part => typeof part === 'number')
  const parts = (Array.isArray(index) && !whole ? index : [index]) as unknown[]
  let dim = 0
  let y = x
  const lists: { dim: number; positions: Value }[] = []
  for (const part of parts) {
    if (typeof part === 'number') {
      y = movement.select(y, dim, part)
    } else if (typeof part === 'object' && part !== null && 'start' in part) {
      const { start, stop, step } = part as PythonSlice
      y = movement.slice(y, ...Array<null>(dim).fill(null), [start, stop, step])
      dim++
    } else {
      const list = Array.isArray(part) ? intList(part as number[]) : (part as Value)
      if (list.dtype === 'bool') return indexing.indexSelect(y, dim, trueAt(list))
      lists.push({ dim, positions: list })
      dim++
    }
  }
  if (lists.length === 0) return y
  // Neighbouring lists address one combined dimension.
  const first = (lists[0] as { dim: number }).dim
  const sizes = y.shape.slice(first, first + lists.length)
  const combined = lists
    .map(l => l.positions)
    .reduce((at, positions, i) => p.add(p.mul(at, sizes[i] as number), positions))
  const flat = movement.flatten(y, first, first + lists.length - 1)
  return indexing.indexSelect(flat, first, combined)
}
function intList(list: readonly number[]): Value {
  return cast(stackNumbers(list), 'int32')
}
function stackNumbers(list: readonly number[]): Value {
  return movement.stack(list.map(n => scalar(n, 'int32')))
}
function trueAt(mask: Value): Value {
  const every = stackNumbers([...mask.buffer.keys()])
  return indexing.maskedSelect(every, mask)
}
function slicesAt(x: Value, at: unknown, dim: number): Value[] {
  const positions =
    typeof at === 'number' ? at : Array.isArray(at) ? (at as number[]) : [...(at as Value).buffer]
  return movement.tensorSplit(x, positions, dim)
}

/** Every operator test we answer. The key is its `op`, or the name of its file where variants differ. */
export const adapters: Readonly<Record<string, Adapter>> = {
  // elementwise
  acos: unary(math.acos),
  acosh: unary(math.acosh),
  cos: unary(math.cos),
  cosh: unary(math.cosh),
  exp: unary(math.exp),
  erfc: unary(math.erfc),
  log: unary(math.log),
  sigmoid: unary(math.sigmoid),
  rsqrt: unary(math.rsqrt),
  square: unary(p.square),
  reciprocal: unary(p.reciprocal),
  atan2: binary(math.atan2),
  add: ['a b', a => p.add(a.a, a.alpha === undefined ? a.b : p.mul(a.b, a.alpha))],
  sub: ['a b', a => p.sub(a.a, a.alpha === undefined ? a.b : p.mul(a.b, a.alpha))],
  rsub: ['a b', a => p.sub(a.b, a.alpha === undefined ? a.a : p.mul(a.a, a.alpha))],
  mul: binary(p.mul),
  true_divide: binary(p.div),
  div: ['a b', a => elementwise.divide(a.a, a.b, given({ rounding: a.rounding_mode }))],
  pow: binary(math.pow),
  maximum: binary(p.maximum),
  minimum: binary(p.minimum),
  'max.binary': binary(p.maximum),
  'min.binary': binary(p.minimum),
  fmax: binary(elementwise.fmax),
  fmin: binary(elementwise.fmin),
  fmod: binary(elementwise.fmod),
  remainder: binary(elementwise.remainder),
  clamp_max: ['a b', a => clamp(a.a, { max: a.b })],
  clamp_min: ['a b', a => clamp(a.a, { min: a.b })],
  copysign: binary(elementwise.copysign),
  float_power: binary(elementwise.floatPower),
  hypot: binary(elementwise.hypot),
  ldexp: binary(elementwise.ldexp),
  logaddexp: binary(elementwise.logaddexp),
  logaddexp2: binary(elementwise.logaddexp2),
  'masked.logaddexp': binary(elementwise.logaddexp),
  xlogy: binary(elementwise.xlogy),
  'special.xlog1py': binary(elementwise.xlog1py),
  exp2: unary(elementwise.exp2),
  log2: unary(elementwise.log2),
  log10: unary(elementwise.log10),
  frac: unary(elementwise.frac),
  sinc: unary(elementwise.sinc),
  deg2rad: unary(elementwise.deg2rad),
  rad2deg: unary(elementwise.rad2deg),
  logit: ['x eps', a => elementwise.logit(a.x, given({ eps: a.eps }))],
  nan_to_num: [
    'x nan posinf neginf',
    a => elementwise.nanToNum(a.x, given({ nan: a.nan, posinf: a.posinf, neginf: a.neginf })),
  ],
  lerp: ['a b weight', a => elementwise.lerp(a.a, a.b, a.weight)],
  addcmul: ['x a b', a => elementwise.addcmul(a.x, a.a, a.b, given({ value: a.value }))],
  addcdiv: ['x a b', a => elementwise.addcdiv(a.x, a.a, a.b, given({ value: a.value }))],
  round: ['x', a => elementwise.roundTo(a.x, a.decimals ?? 0)],
  lgamma: unary(elementwise.lgamma),
  digamma: unary(elementwise.digamma),
  mvlgamma: ['x p', a => elementwise.mvlgamma(a.x, a.p)],
  polygamma: ['x n', a => elementwise.polygamma(a.n, a.x)],
  'special.polygamma': ['x n', a => elementwise.polygamma(a.n, a.x)],
  i0: unary(elementwise.i0),
  'special.i0e': unary(elementwise.i0e),
  'special.i1': unary(elementwise.i1),
  'special.i1e': unary(elementwise.i1e),
  'special.entr': unary(elementwise.entr),
  'special.erfcx': unary(elementwise.erfcx),
  'special.log_ndtr': unary(elementwise.logNdtr),
  'special.ndtr': unary(elementwise.ndtr),
  'special.ndtri': unary(elementwise.ndtri),
  positive: unary(alias),
  real: unary(alias),
  clone: unary(alias),
  double: unary(x => (x.dtype === 'float64' ? alias(x) : cast(x, 'float64'))),
  float: unary(x => cast(x, 'float32')),
  fill: ['x', a => p.add(p.mul(a.x, 0), Number(a.value))],
  where: ['a mask b', a => where(a.mask, a.a, a.b)],
  // activations
  'nn.functional.celu': ['x alpha', a => activations.celu(a.x, given({ alpha: a.alpha }))],
  'nn.functional.elu': ['x alpha', a => activations.elu(a.x, given({ alpha: a.alpha }))],
  'nn.functional.gelu': ['x', a => activations.gelu(a.x, given({ approximate: a.approximate }))],
  'nn.functional.glu': ['x dim', a => activations.glu(a.x, a.dim)],
  'nn.functional.hardshrink': ['x lambd', a => activations.hardshrink(a.x, given({ lambda: a.lambd }))],
  'nn.functional.softshrink': ['x lambd', a => activations.softshrink(a.x, given({ lambda: a.lambd }))],
  'nn.functional.hardsigmoid': unary(activations.hardsigmoid),
  'nn.functional.hardswish': unary(activations.hardswish),
  'nn.functional.hardtanh': ['x', a => activations.hardtanh(a.x, given({ low: a.min_val, high: a.max_val }))],
  'nn.functional.leaky_relu': [
    'x negative_slope',
    a => activations.leakyRelu(a.x, given({ negativeSlope: a.negative_slope })),
  ],
  'nn.functional.logsigmoid': unary(activations.logSigmoid),
  'nn.functional.mish': unary(activations.mish),
  'nn.functional.prelu': ['x weight', a => activations.prelu(a.x, a.weight)],
  'nn.functional.relu': unary(math.relu),
  'nn.functional.relu6': unary(activations.relu6),
  'nn.functional.selu': unary(activations.selu),
  'nn.functional.silu': unary(activations.silu),
  'nn.functional.softmin': along(activations.softmin),
  'nn.functional.softplus': [
    'x',
    a => activations.softplus(a.x, given({ beta: a.beta, threshold: a.threshold })),
  ],
  'nn.functional.softsign': unary(activations.softsign),
  'nn.functional.tanhshrink': unary(activations.tanhshrink),
  'nn.functional.threshold': ['x threshold value', a => activations.threshold(a.x, a.threshold, a.value)],
  softmax: along(activations.softmax),
  log_softmax: along(activations.logSoftmax),
  'masked.softmax': along(activations.softmax),
  'masked.softmin': along(activations.softmin),
  'masked.log_softmax': along(activations.logSoftmax),
  // reductions
  sum: reduce(statistics.sum),
  mean: reduce(statistics.mean),
  prod: reduce(statistics.prod),
  amax: reduce(statistics.amax),
  amin: reduce(statistics.amin),
  'max.reduction_no_dim': unary(x => statistics.max(x)),
  'min.reduction_no_dim': unary(x => statistics.min(x)),
  'max.reduction_with_dim': ['input dim', a => statistics.max(a.input, a.dim)],
  'min.reduction_with_dim': ['input dim', a => statistics.min(a.input, a.dim)],
  std: spread(statistics.std),
  var: spread(statistics.var),
  std_mean: spread(moments.stdMean),
  var_mean: spread(moments.varMean),
  logsumexp: ['input dim keepdim', a => statistics.logsumexp(a.input, a.dim, given({ keepdim: a.keepdim }))],
  norm: [
    'input p dim keepdim',
    a => {
      if (a.p === 'nuc') return undefined
      return statistics.norm(a.input, a.p === 'fro' ? 2 : a.p, a.dim, given({ keepdim: a.keepdim }))
    },
  ],
  'linalg.vector_norm': [
    'input ord dim keepdim',
    a => statistics.norm(a.input, a.ord, a.dim, given({ keepdim: a.keepdim })),
  ],
  'linalg.norm': [
    'input ord dim keepdim',
    a => {
      // Of a matrix, an order means a matrix norm, which we do not have.
      if (a.input.ndim > 1 && a.ord !== undefined) return undefined
      return statistics.norm(a.input, a.ord, a.dim, given({ keepdim: a.keepdim }))
    },
  ],
  'linalg.matrix_norm': [
    'input ord dim keepdim',
    a => (a.ord === 'fro' ? statistics.norm(a.input, 2, a.dim, given({ keepdim: a.keepdim })) : undefined),
  ],
  nansum: reduce(moments.nansum),
  nanmean: reduce(moments.nanmean),
  cumsum: ['input dim', a => statistics.cumsum(a.input, a.dim)],
  cumprod: ['input dim', a => statistics.cumprod(a.input, a.dim)],
  cummax: ['input dim', a => ordering.cummax(a.input, a.dim)],
  cummin: ['input dim', a => ordering.cummin(a.input, a.dim)],
  logcumsumexp: ['input dim', a => moments.logcumsumexp(a.input, a.dim)],
  median: [
    'input dim keepdim',
    a =>
      a.dim === undefined
        ? ordering.median(a.input)
        : ordering.median(a.input, a.dim, given({ keepdim: a.keepdim })),
  ],
  mode: ['input dim keepdim', a => quantiles.mode(a.input, a.dim, given({ keepdim: a.keepdim }))],
  quantile: [
    'input q dim keepdim',
    a =>
      quantiles.quantile(a.input, a.q, a.dim, given({ keepdim: a.keepdim, interpolation: a.interpolation })),
  ],
  nanmedian: [
    'input dim keepdim',
    a =>
      a.dim === undefined
        ? quantiles.nanmedian(a.input)
        : quantiles.nanmedian(a.input, a.dim, given({ keepdim: a.keepdim })),
  ],
  nanquantile: [
    'input q dim keepdim',
    a =>
      quantiles.nanquantile(
        a.input,
        a.q,
        a.dim,
        given({ keepdim: a.keepdim, interpolation: a.interpolation }),
      ),
  ],
  'masked.median': masked(Number.NaN, (x, a, keep) => quantiles.nanmedian(x, a.dim, keep).values),
  'masked.sum': masked(0, (x, a, keep) => statistics.sum(x, a.dim, keep)),
  'masked.prod': masked(1, (x, a, keep) => statistics.prod(x, a.dim, keep)),
  'masked.amax': masked(Number.NEGATIVE_INFINITY, (x, a, keep) => statistics.amax(x, a.dim, keep)),
  'masked.amin': masked(Number.POSITIVE_INFINITY, (x, a, keep) => statistics.amin(x, a.dim, keep)),
  'masked.cumsum': masked(0, (x, a) => statistics.cumsum(x, a.dim)),
  'masked.cumprod': masked(1, (x, a) => statistics.cumprod(x, a.dim)),
  'masked.logsumexp': masked(Number.NEGATIVE_INFINITY, (x, a, keep) => statistics.logsumexp(x, a.dim, keep)),
  'masked.norm': masked(0, (x, a, keep) => statistics.norm(x, a.ord, a.dim, keep), 'input ord dim'),
  'masked.normalize': ['input ord dim', a => geometry.normalize(a.input, { p: a.ord, dim: a.dim })],
  'masked.mean': [
    'input dim',
    a => {
      const { mean, dims } = maskedMoments(a)
      return a.keepdim === true ? mean : movement.reshape(mean, statistics.sum(a.input, dims).shape)
    },
  ],
  'masked.var': ['input dim', a => maskedVariance(a)],
  'masked.std': ['input dim', a => statistics.sqrtOrZero(maskedVariance(a))],
  cov: [
    'input',
    a =>
      moments.cov(a.input, given({ correction: a.correction, fweights: a.fweights, aweights: a.aweights })),
  ],
  corrcoef: unary(moments.corrcoef),
  diff: [
    'input n dim prepend append',
    a =>
      moments.diff(
        a.input,
        a.n,
        a.dim === 0 && a.input.ndim === 0 ? -1 : a.dim,
        given({ prepend: a.prepend, append: a.append }),
      ),
  ],
  trace: unary(moments.trace),
  trapz: ['y x', a => moments.trapezoid(a.y, a.dim, given({ x: a.x, dx: a.dx }))],
  trapezoid: ['y x', a => moments.trapezoid(a.y, a.dim, given({ x: a.x, dx: a.dx }))],
  cumulative_trapezoid: ['y x', a => moments.cumulativeTrapezoid(a.y, a.dim, given({ x: a.x, dx: a.dx }))],
  // movement
  T: unary(movement.t),
  t: unary(movement.t),
  mT: unary(x => movement.transpose(x, -2, -1)),
  transpose: ['x a b', a => movement.transpose(a.x, a.a, a.b)],
  permute: ['x *dims', a => movement.permute(a.x, a.dims)],
  movedim: ['x source destination', a => movement.movedim(a.x, a.source, a.destination)],
  reshape: ['x *shape', a => movement.reshape(a.x, a.shape)],
  view: ['x *shape', a => movement.reshape(a.x, a.shape)],
  reshape_as: ['x other', a => movement.reshape(a.x, a.other.shape)],
  view_as: ['x other', a => movement.reshape(a.x, a.other.shape)],
  flatten: ['x start end', a => movement.flatten(a.x, a.start, a.end)],
  unflatten: ['x dim sizes', a => movement.unflatten(a.x, a.dim, a.sizes)],
  ravel: unary(x => movement.flatten(x)),
  squeeze: ['x dim', a => movement.squeeze(a.x, a.dim)],
  unsqueeze: ['x dim', a => movement.unsqueeze(a.x, a.dim)],
  expand: ['x *shape', a => movement.expand(a.x, a.shape)],
  expand_as: ['x other', a => movement.expand(a.x, a.other.shape)],
  broadcast_to: ['x shape', a => movement.broadcastTo(a.x, a.shape)],
  broadcast_tensors: ['*xs', a => arrange.broadcastTensors(...a.xs)],
  flip: ['x dims', a => movement.flip(a.x, a.dims)],
  fliplr: unary(arrange.fliplr),
  flipud: unary(arrange.flipud),
  rot90: ['x k dims', a => arrange.rot90(a.x, a.k, a.dims)],
  roll: ['x shifts dims', a => movement.roll(a.x, a.shifts, a.dims)],
  tile: ['x *reps', a => movement.tile(a.x, a.reps)],
  repeat: ['x *reps', a => movement.repeat(a.x, a.reps)],
  repeat_interleave: ['x repeats dim', a => arrange.repeatInterleave(a.x, a.repeats, a.dim)],
  unfold: ['x dim size step', a => arrange.unfold(a.x, a.dim, a.size, a.step)],
  sum_to_size: ['x *shape', a => arrange.sumToSize(a.x, a.shape)],
  slice: [
    'x dim start stop step',
    a => movement.slice(a.x, ...Array<null>(a.dim).fill(null), [a.start, a.stop, a.step]),
  ],
  __getitem__: ['x index', a => getItem(a.x, a.index)],
  select: ['x dim index', a => movement.select(a.x, a.dim, a.index)],
  narrow: ['x dim start length', a => movement.narrow(a.x, a.dim, a.start, a.length)],
  split: ['x size dim', a => movement.split(a.x, a.size, a.dim)],
  split_with_sizes: ['x size dim', a => movement.split(a.x, a.size, a.dim)],
  chunk: ['x n dim', a => movement.chunk(a.x, a.n, a.dim)],
  unbind: ['x dim', a => movement.unbind(a.x, a.dim)],
  tensor_split: ['x at dim', a => slicesAt(a.x, a.at, a.dim ?? 0)],
  hsplit: ['x at', a => slicesAt(a.x, a.at, a.x.ndim === 1 ? 0 : 1)],
  vsplit: ['x at', a => slicesAt(a.x, a.at, 0)],
  dsplit: ['x at', a => slicesAt(a.x, a.at, 2)],
  cat: ['xs dim', a => movement.cat(a.xs, a.dim)],
  stack: ['xs dim', a => movement.stack(a.xs, a.dim)],
  hstack: ['xs', a => arrange.hstack(a.xs)],
  vstack: ['xs', a => arrange.vstack(a.xs)],
  dstack: ['xs', a => arrange.dstack(a.xs)],
  column_stack: ['xs', a => arrange.columnStack(a.xs)],
  atleast_1d: unary(arrange.atLeast1d),
  atleast_2d: unary(arrange.atLeast2d),
  atleast_3d: unary(arrange.atLeast3d),
  block_diag: ['*xs', a => arrange.blockDiag(...a.xs)],
  cartesian_prod: ['*xs', a => arrange.cartesianProd(...a.xs)],
  combinations: [
    'x r with_replacement',
    a => arrange.combinations(a.x, a.r, given({ withReplacement: a.with_replacement })),
  ],
  meshgrid: ['*xs', a => arrange.meshgrid(a.xs, given({ indexing: a.indexing }))],
  constant_pad_nd: ['x padding value', a => movement.pad(a.x, a.padding, given({ value: a.value }))],
  'nn.functional.pad': [
    'x padding mode value',
    a => movement.pad(a.x, a.padding, given({ mode: a.mode, value: a.value })),
  ],
  'nn.functional.pixel_shuffle': ['x', a => arrange.pixelShuffle(a.x, a.upscale_factor)],
  'nn.functional.pixel_unshuffle': ['x', a => arrange.pixelUnshuffle(a.x, a.downscale_factor)],
  tril: ['x k', a => movement.tril(a.x, a.k)],
  triu: ['x k', a => movement.triu(a.x, a.k)],
  diag: ['x k', a => movement.diag(a.x, a.k)],
  diagflat: ['x', a => movement.diagEmbed(movement.flatten(a.x), a.offset)],
  diagonal: ['x offset dim1 dim2', a => movement.diagonal(a.x, a.offset, a.dim1, a.dim2)],
  diag_embed: ['x offset dim1 dim2', a => movement.diagEmbed(a.x, a.offset, a.dim1, a.dim2)],
  // contraction
  matmul: binary(contraction.matmul),
  mm: binary(contraction.mm),
  mv: binary(contraction.mv),
  dot: binary(contraction.dot),
  vdot: binary(contraction.dot),
  inner: binary(contraction.inner),
  outer: binary(contraction.outer),
  addmm: ['x a b', a => contraction.addmm(a.x, a.a, a.b, given({ alpha: a.alpha, beta: a.beta }))],
  addmv: ['x a b', a => contraction.addmv(a.x, a.a, a.b, given({ alpha: a.alpha, beta: a.beta }))],
  addr: ['x a b', a => contraction.addr(a.x, a.a, a.b, given({ alpha: a.alpha, beta: a.beta }))],
  einsum: ['operands equation', a => einsum(a.equation, ...a.operands)],
  tensordot: ['a b', a => contraction.tensordot(a.a, a.b, a.dims)],
  'linalg.multi_dot': ['xs', a => contraction.multiDot(a.xs)],
  'linalg.matrix_power': ['x n', a => (a.n > 0 ? contraction.matrixPower(a.x, a.n) : undefined)],
  'linalg.vecdot': ['a b dim', a => statistics.sum(p.mul(a.a, a.b), a.dim ?? -1)],
  'nn.functional.linear': ['x w b', a => contraction.linear(a.x, a.w, a.b)],
  'nn.functional.bilinear': ['a b w bias', a => layers.bilinear(a.a, a.b, a.w, a.bias)],
  cross: ['a b dim', a => geometry.cross(a.a, a.b, a.dim)],
  'linalg.cross': ['a b dim', a => geometry.cross(a.a, a.b, a.dim ?? -1)],
  // indexing and order
  gather: ['x dim index', a => indexing.gather(a.x, a.dim, a.index)],
  scatter_add: ['x dim index source', a => indexing.scatterAdd(a.x, a.dim, a.index, a.source)],
  scatter: ['x dim index source', a => writing.scatter(a.x, a.dim, a.index, a.source)],
  index_select: ['x dim index', a => indexing.indexSelect(a.x, a.dim, a.index)],
  index_add: [
    'x dim index source',
    a => indexing.indexAdd(a.x, a.dim, a.index, a.source, given({ alpha: a.alpha })),
  ],
  scatter_reduce: [
    'x dim index source reduce',
    a =>
      grouping.scatterReduce(a.x, a.dim, a.index, a.source, a.reduce, given({ includeSelf: a.include_self })),
  ],
  index_reduce: [
    'x dim index source reduce',
    a =>
      grouping.indexReduce(a.x, a.dim, a.index, a.source, a.reduce, given({ includeSelf: a.include_self })),
  ],
  segment_reduce: [
    'x reduce',
    a => {
      const bounds: number[] = a.lengths === undefined ? [...a.offsets.buffer] : []
      const lengths =
        a.lengths === undefined
          ? bounds.slice(1).map((end, i) => end - (bounds[i] as number))
          : [...a.lengths.buffer]
      const reduction = a.reduce === 'max' ? 'amax' : a.reduce === 'min' ? 'amin' : a.reduce
      return grouping.segmentReduce(a.x, lengths, reduction, given({ initial: a.initial }))
    },
  ],
  index_copy: ['x dim index source', a => writing.indexCopy(a.x, a.dim, a.index, a.source)],
  index_fill: ['x dim index value', a => indexing.indexFill(a.x, a.dim, a.index, a.value)],
  index_put: [
    'x indices values',
    a => writing.indexPut(a.x, a.indices[0], a.values, given({ accumulate: a.accumulate })),
  ],
  put: [
    'x index source accumulate',
    a => writing.put(a.x, a.index, a.source, given({ accumulate: a.accumulate })),
  ],
  take: ['x index', a => indexing.take(a.x, a.index)],
  take_along_dim: ['x index dim', a => indexing.takeAlongDim(a.x, a.index, a.dim)],
  masked_fill: ['x mask value', a => indexing.maskedFill(a.x, a.mask, a.value)],
  masked_select: ['x mask', a => indexing.maskedSelect(a.x, a.mask)],
  masked_scatter: ['x mask source', a => writing.maskedScatter(a.x, a.mask, a.source)],
  select_scatter: ['x source dim index', a => writing.selectScatter(a.x, a.source, a.dim, a.index)],
  diagonal_scatter: ['x source offset', a => writing.diagonalScatter(a.x, a.source, a.offset)],
  'nn.functional.embedding_bag': [
    'weight indices',
    a =>
      grouping.embeddingBag(
        a.indices,
        a.weight,
        given({
          offsets: a.offsets?.buffer,
          mode: a.mode,
          weights: a.per_sample_weights,
          paddingIdx: a.padding_idx,
        }),
      ),
  ],
  'linalg.vander': ['x', a => elementwise.vander(arrange.atLeast1d(a.x), a.N)],
  'nn.functional.embedding': [
    'weight indices',
    a => indexing.embedding(a.indices, a.weight, given({ paddingIdx: a.padding_idx })),
  ],
  sort: ['x dim descending', a => ordering.sort(a.x, a.dim, given({ descending: a.descending }))],
  topk: ['x k dim largest', a => ordering.topk(a.x, a.k, a.dim, given({ largest: a.largest }))],
  kthvalue: ['x k dim keepdim', a => ordering.kthvalue(a.x, a.k, a.dim, given({ keepdim: a.keepdim }))],
  // distances and normalisations
  dist: ['a b p', a => geometry.dist(a.a, a.b, a.p)],
  cdist: ['a b p', a => geometry.cdist(a.a, a.b, a.p)],
  'nn.functional.pdist': ['x p', a => geometry.pdist(a.x, a.p)],
  'nn.functional.pairwise_distance': [
    'a b p eps',
    a => geometry.pairwiseDistance(a.a, a.b, given({ p: a.p, eps: a.eps, keepdim: a.keepdim })),
  ],
  'nn.functional.cosine_similarity': [
    'a b dim eps',
    a => geometry.cosineSimilarity(a.a, a.b, given({ dim: a.dim, eps: a.eps })),
  ],
  'nn.functional.normalize': ['x p dim', a => geometry.normalize(a.x, given({ p: a.p, dim: a.dim }))],
  renorm: ['x p dim maxnorm', a => geometry.renorm(a.x, a.p, a.dim, a.maxnorm)],
  'nn.functional.layer_norm': [
    'x shape weight bias eps',
    a => layers.layerNorm(a.x, a.shape, given({ weight: a.weight, bias: a.bias, eps: a.eps })),
  ],
  native_layer_norm: [
    'x shape weight bias eps',
    a => layers.layerNorm(a.x, a.shape, given({ weight: a.weight, bias: a.bias, eps: a.eps })),
  ],
  'nn.functional.batch_norm': [
    'x mean var weight bias',
    a =>
      layers.batchNorm(
        a.x,
        a.mean ?? null,
        a.var ?? null,
        given({ weight: a.weight, bias: a.bias, training: a.training, eps: a.eps }),
      ),
  ],
  native_batch_norm: [
    'x weight bias mean var training momentum eps',
    a =>
      layers.batchNorm(
        a.x,
        a.mean ?? null,
        a.var ?? null,
        given({ weight: a.weight, bias: a.bias, training: a.training, eps: a.eps }),
      ),
  ],
  'nn.functional.instance_norm': [
    'x',
    a => layers.instanceNorm(a.x, given({ weight: a.weight, bias: a.bias, eps: a.eps })),
  ],
  'nn.functional.group_norm': [
    'x groups',
    a => layers.groupNorm(a.x, a.groups, given({ weight: a.weight, bias: a.bias, eps: a.eps })),
  ],
  'nn.functional.local_response_norm': [
    'x size',
    a => layers.localResponseNorm(a.x, a.size, given({ alpha: a.alpha, beta: a.beta, k: a.k })),
  ],
  'nn.functional._scaled_dot_product_attention': [
    'q k v',
    a => [
      layers.scaledDotProductAttention(a.q, a.k, a.v, { isCausal: a.is_causal }),
      layers.attentionWeights(a.q, a.k, { isCausal: a.is_causal }),
    ],
  ],
  // windows
  'nn.functional.conv1d': convolve(convolution.conv1d),
  'nn.functional.conv2d': convolve(convolution.conv2d),
  'nn.functional.conv_transpose1d': deconvolve(convolution.convTranspose1d),
  'nn.functional.conv_transpose2d': deconvolve(convolution.convTranspose2d),
  'nn.functional.unfold': [
    'x kernel_size dilation padding stride',
    a =>
      convolution.im2col(
        a.x,
        a.kernel_size,
        given({ stride: a.stride, padding: a.padding, dilation: a.dilation }),
      ),
  ],
  'nn.functional.fold': [
    'x output_size kernel_size dilation padding stride',
    a =>
      convolution.col2im(
        a.x,
        a.output_size,
        a.kernel_size,
        given({ stride: a.stride, padding: a.padding, dilation: a.dilation }),
      ),
  ],
  'nn.functional.max_pool1d': maxPool(pooling.maxPool1d, pooling.maxPool1dIndices),
  'nn.functional.max_pool2d': maxPool(pooling.maxPool2d, pooling.maxPool2dIndices),
  'nn.functional.adaptive_avg_pool1d': ['x size', a => adaptive.adaptiveAvgPool1d(a.x, keeping(a.size))],
  'nn.functional.adaptive_avg_pool2d': ['x size', a => adaptive.adaptiveAvgPool2d(a.x, keeping(a.size))],
  'nn.functional.adaptive_avg_pool3d': ['x size', a => adaptive.adaptiveAvgPool3d(a.x, keeping(a.size))],
  'nn.functional.adaptive_max_pool1d': adaptiveMax(
    adaptive.adaptiveMaxPool1d,
    adaptive.adaptiveMaxPool1dIndices,
  ),
  'nn.functional.adaptive_max_pool2d': adaptiveMax(
    adaptive.adaptiveMaxPool2d,
    adaptive.adaptiveMaxPool2dIndices,
  ),
  'nn.functional.max_unpool1d': ['x at', a => adaptive.maxUnpool1d(a.x, a.at, a.output_size)],
  'nn.functional.max_unpool2d': ['x at', a => adaptive.maxUnpool2d(a.x, a.at, a.output_size)],
  'nn.functional.max_unpool1d.grad': ['x at', a => adaptive.maxUnpool1d(a.x, a.at, a.output_size)],
  'nn.functional.max_unpool2d.grad': ['x at', a => adaptive.maxUnpool2d(a.x, a.at, a.output_size)],
  'nn.functional.avg_pool1d': avgPool(pooling.avgPool1d),
  'nn.functional.avg_pool2d': avgPool(pooling.avgPool2d),
  'nn.functional.avg_pool3d': avgPool(pooling.avgPool3d),
  // losses
  'nn.functional.mse_loss': loss('input target', (a, o) => losses.mseLoss(a.input, a.target, o)),
  'nn.functional.huber_loss': loss('input target', (a, o) =>
    losses.huberLoss(a.input, a.target, given({ ...o, delta: a.delta })),
  ),
  'nn.functional.smooth_l1_loss': loss('input target', (a, o) =>
    losses.smoothL1Loss(a.input, a.target, given({ ...o, beta: a.beta })),
  ),
  'nn.functional.cross_entropy': loss('input target', (a, o) =>
    losses.crossEntropy(
      a.input,
      a.target,
      given({ ...o, weight: a.weight, ignoreIndex: a.ignore_index, labelSmoothing: a.label_smoothing }),
    ),
  ),
  'nn.functional.nll_loss': loss('input target', (a, o) =>
    losses.nllLoss(a.input, a.target, given({ ...o, weight: a.weight, ignoreIndex: a.ignore_index })),
  ),
  'nn.functional.binary_cross_entropy': loss('input target', (a, o) =>
    losses.binaryCrossEntropy(a.input, a.target, given({ ...o, weight: a.weight })),
  ),
  'nn.functional.binary_cross_entropy_with_logits': loss('input target', (a, o) =>
    losses.binaryCrossEntropyWithLogits(
      a.input,
      a.target,
      given({ ...o, weight: a.weight, posWeight: a.pos_weight }),
    ),
  ),
  'nn.functional.kl_div': loss('input target', (a, o) =>
    losses.klDiv(a.input, a.target, given({ ...o, logTarget: a.log_target })),
  ),
  'nn.functional.gaussian_nll_loss': loss('input target var', (a, o) =>
    margins.gaussianNllLoss(a.input, likeInput(a, 'target'), a.var, o),
  ),
  'nn.functional.poisson_nll_loss': loss('input target', (a, o) =>
    margins.poissonNllLoss(
      a.input,
      a.target,
      given({ ...o, logInput: a.log_input, full: a.full, eps: a.eps }),
    ),
  ),
  'nn.functional.hinge_embedding_loss': loss('input target', (a, o) =>
    margins.hingeEmbeddingLoss(a.input, a.target, given({ ...o, margin: a.margin })),
  ),
  'nn.functional.cosine_embedding_loss': loss('a b target', (a, o) =>
    margins.cosineEmbeddingLoss(a.a, a.b, a.target, given({ ...o, margin: a.margin })),
  ),
  'nn.functional.margin_ranking_loss': loss('a b target', (a, o) =>
    margins.marginRankingLoss(a.a, a.b, a.target, given({ ...o, margin: a.margin })),
  ),
  'nn.functional.soft_margin_loss': loss('input target', (a, o) =>
    margins.softMarginLoss(a.input, a.target, o),
  ),
  'nn.functional.multilabel_soft_margin_loss': loss('input target', (a, o) =>
    margins.multilabelSoftMarginLoss(a.input, a.target, given({ ...o, weight: a.weight })),
  ),
  'nn.functional.multi_margin_loss': loss('input target', (a, o) =>
    margins.multiMarginLoss(a.input, a.target, given({ ...o, p: a.p, margin: a.margin, weight: a.weight })),
  ),
  'nn.functional.multilabel_margin_loss': loss('input target', (a, o) =>
    margins.multilabelMarginLoss(a.input, a.target, o),
  ),
  'nn.functional.triplet_margin_loss': loss('anchor positive negative', (a, o) =>
    margins.tripletMarginLoss(
      a.anchor,
      a.positive,
      a.negative,
      given({ ...o, margin: a.margin, p: a.p, eps: a.eps, swap: a.swap }),
    ),
  ),
}
