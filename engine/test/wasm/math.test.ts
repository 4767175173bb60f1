// The vector functions: float32 against float64 mathematics over a sweep of all bit patterns, float64 against exact
// values (fixtures/record-vector-math.py), and both at the special arguments, with and without relaxed multiply-add.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { erf, erfc } from '../../src/base/special/erf.ts'
import { features } from '../../src/wasm/features.ts'
import type { Lanes } from '../../src/wasm/lanes.ts'
import {
  emitMath,
  type MathName,
  mathFunction,
  mathNames,
  operandsOf,
  VectorCode,
  writeMath,
} from '../../src/wasm/math/index.ts'
import { instantiate, mapVectors, testArena, uniform, view } from './program.ts'

const arena = testArena()
const relaxedOnes = features().relaxed ? [true, false] : [false]
const long = process.env.CHAINRULE_LONG === '1'

/** float64 mathematics, good to a unit or so: far better than float32 needs. */
const inDouble: Record<MathName, (x: number, y: number) => number> = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  erf,
  erfc,
  sigmoid: x => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  softplus: x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  pow: (x, y) => (x === 1 ? 1 : x ** y),
  atan2: Math.atan2,
}

/** A unit in the last place of a result near x. */
function unit(x: number, lanes: Lanes): number {
  const [least, digits] = lanes === 'f32' ? [-126, 23] : [-1022, 52]
  let exponent = Math.max(least, Math.floor(Math.log2(Math.abs(x))))
  if (2 ** exponent > Math.abs(x) && exponent > least) exponent--
  if (2 ** (exponent + 1) <= Math.abs(x)) exponent++
  return 2 ** (exponent - digits)
}

/** The function's results for rows of arguments. */
function evaluate(name: MathName, lanes: Lanes, relaxed: boolean, columns: readonly number[][]): number[] {
  const run = mapVectors(arena, f => emitMath(f, name, lanes, relaxed), columns.length)
  const size = lanes === 'f32' ? 4 : 8
  const count = columns[0]!.length
  const addresses = [...columns, []].map(() => arena.alloc((count + 4) * size))
  columns.forEach((column, i) => {
    view(arena, lanes, addresses[i]!, count).set(column)
  })
  run(...addresses, Math.ceil((count * size) / 16))
  const results = Array.from(view(arena, lanes, addresses.at(-1)!, count))
  for (const address of addresses) arena.free(address)
  return results
}

/** Every so-many-th float32 bit pattern; the second operands are of like or of small size, a third of them whole. */
function sweep(name: MathName, stride: number): number[][] {
  const count = Math.floor(2 ** 32 / stride)
  const x = new Float32Array(Uint32Array.from({ length: count }, (_, i) => i * stride).buffer)
  if (operandsOf(name) === 1) return [Array.from(x)]
  const random = uniform(3)
  const y = Float32Array.from(x, (value, i) => {
    if (i % 3 === 0) return Math.round(random() * 20)
    return Math.tan(random() * 1.57) * (name === 'pow' ? 10 : value)
  })
  return [Array.from(x), Array.from(y)]
}

describe.each(relaxedOnes)('with relaxed multiply-add %s', relaxed => {
  test.each(mathNames)('%s in float32 errs by at most 2 units in the last place', name => {
    const columns = sweep(name, long ? 4099 : 65_521)
    const results = evaluate(name, 'f32', relaxed, columns)
    let worst = 0
    const wrong: number[][] = []
    for (const [i, got] of results.entries()) {
      const x = columns[0]![i]!
      const y = columns[1]?.[i] ?? 0
      const exact = inDouble[name](x, y)
      const rounded = Math.fround(exact)
      if (Object.is(rounded, got)) continue
      const error = Math.abs(got - exact) / unit(exact, 'f32')
      // At the ends of the range a neighbour may be 0 or infinite: the error in units still says how near it is.
      const atTheEnd = Math.abs(exact) >= 3.40282e38 && Math.abs(got) >= 3.40282e38
      if (!(error <= 2 || atTheEnd)) wrong.push([x, y, got, exact])
      else if (!atTheEnd) worst = Math.max(worst, error)
    }
    expect(wrong.slice(0, 5)).toEqual([])
    expect(worst).toBeLessThanOrEqual(2)
  })

  const exactValues = JSON.parse(
    readFileSync(new URL('../fixtures/vector-math.json', import.meta.url), 'utf8'),
  ) as Record<MathName, number[][]>

  test.each(mathNames)('%s in float64 errs by at most 4 units in the last place', name => {
    const rows = exactValues[name]
    const operands = operandsOf(name)
    const results = evaluate(
      name,
      'f64',
      relaxed,
      Array.from({ length: operands }, (_, i) => rows.map(row => row[i]!)),
    )
    const wrong = rows.flatMap((row, i) => {
      const [nearest, missing] = [row[operands]!, row[operands + 1]!]
      const error = Math.abs((results[i]! - nearest) / unit(nearest, 'f64') - missing)
      return error <= 4 ? [] : [[...row, results[i]!, error]]
    })
    expect(wrong).toEqual([])
  })

  const { POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minusInf, NaN: nan } = Number
  const special = [
    0,
    -0,
    1,
    -1,
    inf,
    minusInf,
    nan,
    1e-310,
    -1e-310,
    1e-40,
    -1e-40,
    5e-324,
    3.4e38,
    -3.4e38,
    2,
    -2,
    0.5,
  ]
  test.each(mathNames)(
    '%s has the right values at zeros, infinities, NaN and the ends of the range',
    name => {
      for (const lanes of ['f32', 'f64'] as const) {
        const round = lanes === 'f32' ? Math.fround : (x: number) => x
        const pairs =
          operandsOf(name) === 1 ? special.map(x => [x, 0]) : special.flatMap(x => special.map(y => [x, y]))
        const arguments_ = pairs.map(pair => pair.map(round))
        const columns = Array.from({ length: operandsOf(name) }, (_, i) => arguments_.map(pair => pair[i]!))
        const results = evaluate(name, lanes, relaxed, columns)
        const wrong = arguments_.flatMap(([x, y], i) => {
          const want = round(inDouble[name](x!, y!))
          const got = results[i]!
          if (Object.is(want, got)) return []
          const close = want !== 0 && Math.abs(got - want) <= 4 * unit(want, lanes)
          return close ? [] : [[lanes, x, y, got, want]]
        })
        expect(wrong).toEqual([])
      }
    },
  )
})

test('a NaN of any bits stays one', () => {
  for (const name of mathNames) {
    const run = mapVectors(arena, f => emitMath(f, name, 'f32', relaxedOnes[0]!), operandsOf(name))
    const bits = [
      0x7fc00000, 0x7f800001, 0xffffffff, 0xff800001, 0x7fffffff, 0xffc00000, 0x7fa00000, 0xfff12345,
    ]
    const [x, out] = [arena.alloc(32), arena.alloc(32)]
    arena.i32.set(bits, x / 4)
    run(...(operandsOf(name) === 1 ? [x, out, 2] : [x, x, out, 2]))
    expect([name, Array.from(arena.f32.subarray(out / 4, out / 4 + 8)).every(Number.isNaN)]).toEqual([
      name,
      true,
    ])
  }
})

test('functions of the module and several vectors at once give the same bits as one vector in line', () => {
  for (const lanes of ['f32', 'f64'] as const)
    for (const name of mathNames) {
      const relaxed = relaxedOnes[0]!
      const operands = operandsOf(name)
      const random = uniform(5)
      const columns = Array.from({ length: operands }, () => Array.from({ length: 12 }, () => random() * 3))
      const expected = evaluate(name, lanes, relaxed, columns)
      const size = lanes === 'f32' ? 4 : 8
      const addresses = [0, 1, 2, 3].map(() => arena.alloc(12 * size))
      columns.forEach((column, i) => {
        view(arena, lanes, addresses[i]!, 12).set(column)
      })
      const vectors = (12 * size) / 16
      const run = instantiate(arena, module => {
        const math = mathFunction(module, name, lanes, relaxed)
        const f = module.func(['i32', 'i32', 'i32', 'i32'])
        for (let i = 0; i < vectors; i++) {
          f.local_get(2)
          for (let operand = 0; operand < operands; operand++) {
            f.local_get(operand)
            f.v128_load(16 * i)
          }
          f.call(math)
          f.v128_store(16 * i)
        }
        const v = new VectorCode(f, lanes, relaxed, vectors)
        const rows = [v.row(), v.row()]
        for (let operand = 0; operand < operands; operand++)
          for (let i = 0; i < vectors; i++) {
            f.local_get(operand)
            f.v128_load(16 * i)
            f.local_set(rows[operand]! + i)
          }
        const result = writeMath(v, name, rows[0]!, rows[1]!)
        for (let i = 0; i < vectors; i++) {
          f.local_get(3)
          f.local_get(result + i)
          f.v128_store(16 * i)
        }
        return f.index
      })
      run(...addresses)
      for (const result of addresses.slice(2))
        expect([name, ...view(arena, lanes, result, 12)]).toEqual([name, ...expected])
      for (const address of addresses) arena.free(address)
    }
})
