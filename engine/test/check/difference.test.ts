import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateLine } from '../../src/check/difference.ts'
import { type Estimate, verdictFor } from '../../src/check/estimate.ts'
import { slopeOf } from './lines.ts'

type Smooth = Extract<Estimate, { kind: 'smooth' }>
type Kink = Extract<Estimate, { kind: 'kink' }>

interface Known {
  readonly name: string
  readonly f: (x: number) => number
  readonly slope: (x: number) => number
  readonly points: readonly number[]
}

// Slopes in forms that lose no digits at the points used, so that the bound is held to the truth and not to a formula.
const ordinary = [-3, -1.3, -0.5, -1e-3, 1e-3, 0.3, 1, 2.7]
const positive = [1e-7, 1e-3, 0.3, 1, 2.7, 50, 1e6]
const catalogue: readonly Known[] = [
  { name: 'x', f: x => x, slope: () => 1, points: [...ordinary, 1e11, -1e-11, 1e300] },
  { name: 'x²', f: x => x * x, slope: x => 2 * x, points: [...ordinary, 0, 1e6, 1e-30] },
  { name: 'x³', f: x => x ** 3, slope: x => 3 * x * x, points: [...ordinary, 0, 1e6] },
  { name: '1e9 x³', f: x => 1e9 * x ** 3, slope: x => 3e9 * x * x, points: ordinary },
  { name: '4e-6 x', f: x => 4e-6 * x, slope: () => 4e-6, points: ordinary },
  { name: '1e-6 x + 1', f: x => 1e-6 * x + 1, slope: () => 1e-6, points: ordinary },
  { name: 'sin', f: Math.sin, slope: Math.cos, points: [...ordinary, 0, 40, 1000, 1e11] },
  { name: 'cos', f: Math.cos, slope: x => -Math.sin(x), points: [...ordinary, 0, 40, 1000] },
  { name: 'exp', f: Math.exp, slope: Math.exp, points: [...ordinary, 0, 1e-7, 1e-30, 20, 40, 300, -40] },
  { name: 'expm1', f: Math.expm1, slope: Math.exp, points: [...ordinary, 0, 1e-7, 20] },
  { name: 'log', f: Math.log, slope: x => 1 / x, points: positive },
  { name: 'log1p', f: Math.log1p, slope: x => 1 / (1 + x), points: [-0.5, 0, 1e-9, 0.3, 1, 1e5] },
  { name: 'sqrt', f: Math.sqrt, slope: x => 0.5 / Math.sqrt(x), points: positive },
  { name: 'cbrt', f: Math.cbrt, slope: x => 1 / (3 * Math.cbrt(x) ** 2), points: positive },
  { name: '1/x', f: x => 1 / x, slope: x => -1 / (x * x), points: [...ordinary, 1e-5, 1e5] },
  { name: 'tanh', f: Math.tanh, slope: x => 1 / Math.cosh(x) ** 2, points: [...ordinary, 0, 8, -5] },
  {
    name: 'tanh(1e6 x)',
    f: x => Math.tanh(1e6 * x),
    slope: x => 1e6 / Math.cosh(1e6 * x) ** 2,
    points: [0, 1e-6],
  },
  { name: 'atan', f: Math.atan, slope: x => 1 / (1 + x * x), points: [...ordinary, 0, 1e4] },
  { name: 'asin', f: Math.asin, slope: x => 1 / Math.sqrt((1 - x) * (1 + x)), points: [0, 0.3, -0.5, 0.999] },
  {
    name: 'sigmoid',
    f: x => 1 / (1 + Math.exp(-x)),
    slope: x => Math.exp(-Math.abs(x)) / (1 + Math.exp(-Math.abs(x))) ** 2,
    points: [...ordinary, 0, -30, 12, -300],
  },
  {
    name: 'softplus',
    f: x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    slope: x => 1 / (1 + Math.exp(-x)),
    points: [...ordinary, -30, 12, 40],
  },
  {
    name: 'log(sigmoid)',
    f: x => Math.log(1 / (1 + Math.exp(-x))),
    slope: x => 1 / (1 + Math.exp(x)),
    points: [-2, 1, 40],
  },
  {
    name: 'sin(1e4 x)',
    f: x => Math.sin(1e4 * x),
    slope: x => 1e4 * Math.cos(1e4 * x),
    points: [0.3, -1.1, 0.02],
  },
  { name: 'sin(1e6 x)', f: x => Math.sin(1e6 * x), slope: x => 1e6 * Math.cos(1e6 * x), points: [0.3, 0.7] },
  {
    name: 'sin(2π 2^20 x)',
    f: x => Math.sin(2 * Math.PI * 2 ** 20 * x),
    slope: x => 2 * Math.PI * 2 ** 20 * Math.cos(2 * Math.PI * 2 ** 20 * x),
    points: [1, 0.5],
  },
  {
    name: 'exp(-1/x²)',
    f: x => Math.exp(-1 / x ** 2),
    slope: x => (2 / x ** 3) * Math.exp(-1 / x ** 2),
    points: [0.1, 0.5, -1.3],
  },
  { name: '1e6 + sin', f: x => 1e6 + Math.sin(x), slope: Math.cos, points: ordinary },
  { name: 'x|x|', f: x => x * Math.abs(x), slope: x => 2 * Math.abs(x), points: [...ordinary, 0] },
  {
    name: 'relu',
    f: x => Math.max(x, 0),
    slope: x => (x > 0 ? 1 : 0),
    points: [...ordinary, 1e-7, -1e-7, 1e-20],
  },
  {
    name: 'clamp to [0, 1]',
    f: x => Math.min(Math.max(x, 0), 1),
    slope: x => (x > 0 && x < 1 ? 1 : 0),
    points: [0.3, 0.999, 1.001],
  },
  { name: 'round', f: Math.round, slope: () => 0, points: [0.3, -1.3, 1000.2] },
  { name: 'constant', f: () => 1.3, slope: () => 0, points: [...ordinary, 0] },
  {
    name: 'x sin',
    f: x => x * Math.sin(x),
    slope: x => Math.sin(x) + x * Math.cos(x),
    points: [...ordinary, 40],
  },
  { name: 'sin²', f: x => Math.sin(x) ** 2, slope: x => Math.sin(2 * x), points: [...ordinary, 40] },
  {
    name: 'exp sin',
    f: x => Math.exp(Math.sin(x)),
    slope: x => Math.cos(x) * Math.exp(Math.sin(x)),
    points: ordinary,
  },
  {
    name: 'sin exp',
    f: x => Math.sin(Math.exp(x)),
    slope: x => Math.exp(x) * Math.cos(Math.exp(x)),
    points: ordinary,
  },
  { name: 'log(1 + x²)', f: x => Math.log1p(x * x), slope: x => (2 * x) / (1 + x * x), points: ordinary },
  { name: '1/(1 + x²)', f: x => 1 / (1 + x * x), slope: x => (-2 * x) / (1 + x * x) ** 2, points: ordinary },
]

const cases = catalogue.flatMap(({ name, f, slope, points }) =>
  points.map(x => ({ name, f, x, truth: slope(x) })),
)

// The value that is compared with is itself rounded.
const rounding = (truth: number, x: number, f: (x: number) => number): number =>
  1e-14 * Math.abs(truth) + (Math.abs(x) > 0 ? (4 * 2 ** -53 * Math.abs(f(x))) / Math.max(1, Math.abs(x)) : 0)

describe('the derivative along a line', () => {
  it('covers at least 200 functions and points', () => {
    expect(cases.length).toBeGreaterThanOrEqual(200)
  })

  it.each(cases)('bounds the error of d $name at $x', ({ f, x, truth }) => {
    const { estimate } = slopeOf(f, x)
    expect(estimate.kind).toBe('smooth')
    const { value, bound } = estimate as Smooth
    expect(Math.abs(value - truth)).toBeLessThanOrEqual(bound + rounding(truth, x, f))
    expect(verdictFor(truth, estimate).verdict).toBe('pass')
  })

  it('settles regular points within 20 evaluations, to 1e-9 of the slope', () => {
    for (const x of [-1.3, -0.5, 0.3, 1, 2.7]) {
      for (const f of [
        Math.sin,
        Math.exp,
        Math.tanh,
        (y: number) => y ** 3,
        (y: number) => 1 / (1 + y * y),
      ]) {
        const { estimate, evaluations } = slopeOf(f, x)
        expect(evaluations).toBe(20)
        expect((estimate as Smooth).bound).toBeLessThan(1e-9 * Math.abs((estimate as Smooth).value))
      }
    }
  })

  it('needs at most 40 evaluations in four of five of these cases and never more than 120', () => {
    const counts = cases.map(({ f, x }) => slopeOf(f, x).evaluations).sort((a, b) => a - b)
    expect(counts[Math.floor(0.8 * counts.length)]).toBeLessThanOrEqual(40)
    expect(counts.at(-1)).toBeLessThanOrEqual(120)
  })

  it('sees a factor of 1.0009, a lost sign and a lost factor 2 wherever the slope is not tiny', () => {
    for (const { f, x, truth } of cases) {
      const { estimate } = slopeOf(f, x)
      if (Math.abs(truth) < 1e-9 * Math.max(Math.abs(f(x)), 1e-3)) continue
      for (const factor of [1.0009, 0.9991, -1, 2, 0.5, 0]) {
        if (truth === 0) continue
        expect(verdictFor(factor * truth, estimate).verdict, `${f} at ${x}, times ${factor}`).toBe('fail')
      }
    }
  })

  it('bounds the error on random polynomials', () => {
    const coefficient = fc.double({ min: -10, max: 10, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(coefficient, { minLength: 1, maxLength: 7 }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (c, x) => {
          const f = (y: number) => c.reduceRight((sum, a) => sum * y + a, 0)
          const slope = c.reduceRight((sum, a, k) => (k === 0 ? sum : sum * x + k * a), 0)
          const scale = c.reduceRight((sum, a, k) => (k === 0 ? sum : sum * Math.abs(x) + k * Math.abs(a)), 0)
          const { estimate } = slopeOf(f, x)
          expect(verdictFor(slope, estimate, 1e-15 * scale).verdict).toBe('pass')
        },
      ),
      { numRuns: 500, seed: 1 },
    )
  })

  it('bounds the error on random sums of waves and of fractions', () => {
    // Far smaller numbers make slopes far below the rounding of the terms they are added to.
    const number = fc.double({ min: -4, max: 4, noNaN: true }).map(x => (Math.abs(x) < 1e-3 ? 0 : x))
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 4 }), number, (terms, x) => {
        const waves = (y: number) => terms.reduce((sum, [a, w]) => sum + a * Math.sin(w * y), 0)
        const size = terms.reduce((sum, [a]) => sum + Math.abs(a), 0)
        const wavesSlope = terms.reduce((sum, [a, w]) => sum + a * w * Math.cos(w * x), 0)
        expect(verdictFor(wavesSlope, slopeOf(waves, x).estimate, 1e-14 * size).verdict).toBe('pass')
        const fractions = (y: number) => terms.reduce((sum, [a, w]) => sum + a / (1 + (y - w) ** 2), 0)
        const slope = terms.reduce((sum, [a, w]) => sum - (2 * a * (x - w)) / (1 + (x - w) ** 2) ** 2, 0)
        expect(verdictFor(slope, slopeOf(fractions, x).estimate, 1e-14 * size).verdict).toBe('pass')
      }),
      { numRuns: 300, seed: 2 },
    )
  })
})

describe('points without a derivative', () => {
  const kinks: readonly [string, (x: number) => number, number, number, number][] = [
    ['relu', x => Math.max(x, 0), 0, 0, 1],
    ['abs', Math.abs, 0, -1, 1],
    ['clamp to [0, 1]', x => Math.min(Math.max(x, 0), 1), 1, 1, 0],
    ['maximum with a tie', x => Math.max(x, 3), 3, 0, 1],
    ['leaky relu', x => (x > 0 ? x : 0.1 * x), 0, 0.1, 1],
    ['relu of a curve', x => Math.max(Math.exp(x) - Math.E, 0), 1, 0, Math.E],
    ['a weak kink', x => x * x + 1e-6 * Math.abs(x - 2), 2, 4 - 1e-6, 4 + 1e-6],
  ]
  it.each(kinks)('finds both slopes of %s', (_, f, x, left, right) => {
    const estimate = slopeOf(f, x).estimate as Kink
    expect(estimate.kind).toBe('kink')
    expect(Math.abs(estimate.left.value - left)).toBeLessThanOrEqual(estimate.left.bound + 1e-15)
    expect(Math.abs(estimate.right.value - right)).toBeLessThanOrEqual(estimate.right.bound + 1e-15)
    expect(verdictFor((left + right) / 2, estimate).verdict).toBe('kink')
    expect(verdictFor(Math.max(left, right) * 1.01 + 0.01, estimate).verdict).toBe('fail')
  })

  it('says why sqrt at 0, a step, and a function undefined around the point have no slope', () => {
    const doubt = (f: (x: number) => number, x: number) => {
      const { estimate } = slopeOf(f, x)
      return estimate.kind === 'inconclusive' ? estimate.doubt : estimate
    }
    expect(doubt(Math.sqrt, 0)).toBe('infinite slope')
    expect(doubt(Math.cbrt, 0)).toBe('infinite slope')
    expect(doubt(Math.round, 0.5)).toBe('jump')
    expect(doubt(Math.sign, 0)).toBe('jump')
    expect(doubt(x => (x === 2 ? 1 : Number.NaN), 2)).toBe('undefined nearby')
    expect(doubt(Math.log, 0)).toBe('not finite here')
  })

  it('takes the one-sided limit at the edge of the domain', () => {
    const { estimate } = slopeOf(x => (x < 0 ? Number.NaN : Math.exp(x)), 0)
    expect(estimate).toMatchObject({ kind: 'smooth', side: 'right' })
    expect(verdictFor(1, estimate).verdict).toBe('pass')
    expect(verdictFor(1.0009, estimate).verdict).toBe('fail')
  })

  it('answers a non-finite gradient at a smooth point with fail', () => {
    const { estimate } = slopeOf(Math.sin, 1)
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(verdictFor(wrong, estimate).verdict).toBe('fail')
  })
})

describe('rounding', () => {
  it('never condemns (1 - cos x) / x² near 0, where f has lost ten digits', () => {
    for (const x of [1e-3, 2e-3, 5e-4, 1e-2]) {
      const { estimate } = slopeOf(y => (1 - Math.cos(y)) / (y * y), x)
      expect(['pass', 'inconclusive']).toContain(verdictFor(-x / 12 + x ** 3 / 180, estimate).verdict)
    }
  })

  it('knows the rounding of functions computed in float32', () => {
    const f32 = Math.fround
    const known: readonly [(x: number) => number, number, number][] = [
      [x => f32(Math.sin(f32(x))), 1, Math.cos(1)],
      [x => f32(f32(x) ** 3), 3, 27],
      [x => 1.2345678 * Math.sin(f32(x)), 1, 1.2345678 * Math.cos(1)],
      [x => f32(Math.exp(f32(x))), 0.7, Math.exp(0.7)],
    ]
    for (const [f, x, truth] of known) {
      const { estimate } = slopeOf(f, x)
      expect(verdictFor(truth, estimate).verdict).toBe('pass')
      expect(verdictFor(1.001 * truth, estimate).verdict).toBe('fail')
      expect(Math.abs((estimate as Smooth).value - truth)).toBeLessThanOrEqual((estimate as Smooth).bound)
    }
  })

  it('does not take the flat stairs of a rounded function for its slope', () => {
    const { estimate } = slopeOf(x => Math.round(x * 1e6) / 1e6, 1.23456789)
    expect(verdictFor(0, estimate).verdict).toBe('inconclusive')
  })

  it('lets a known rounding error widen the bound', () => {
    const line = { center: [Math.sin(1)], scale: 1, at: (t: number) => [Math.sin(1 + t)] }
    const bound = (noise: number) => (estimateLine({ ...line, noise: [noise] }).estimates[0] as Smooth).bound
    expect(bound(1e-9)).toBeGreaterThan(100 * bound(0))
  })
})

describe('a line with many outputs', () => {
  it('estimates each on its own from the same evaluations', () => {
    const at = (t: number) => [Math.sin(1 + t), Math.abs(t), 7, Math.sqrt(t), Math.sin(1e4 * (0.3 + t))]
    let calls = 0
    const { estimates, evaluations } = estimateLine({
      center: at(0),
      scale: 1,
      at: t => {
        calls++
        return at(t)
      },
    })
    expect(estimates.map(estimate => estimate.kind)).toEqual([
      'smooth',
      'kink',
      'smooth',
      'inconclusive',
      'smooth',
    ])
    expect(calls).toBe(evaluations)
    expect(calls).toBeLessThanOrEqual(110)
  })

  it('refuses a function whose number of outputs changes, and a scale that is not positive', () => {
    expect(() => estimateLine({ center: [1, 2], scale: 1, at: () => [1] })).toThrow(
      /1 numbers at t = .* but 2 at t = 0/,
    )
    expect(() => estimateLine({ center: [1], scale: 0, at: () => [1] })).toThrow(/positive finite scale/)
  })
})
