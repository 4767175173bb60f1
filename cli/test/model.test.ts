// Standardisation and the way back, splits, scores, schedules: the arithmetic between a table and a model.
import { manualSeed, tensor } from 'chainrule'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forward, Network } from '../src/model/network.ts'
import { epochOrder, runKeys, shuffled, splitRows } from '../src/model/rows.ts'
import { applyScaler, fitScaler, fitTargetScale, toTableUnits } from '../src/model/scale.ts'
import { rateAt, stepsPerEpoch } from '../src/model/schedule.ts'
import { scoreClasses, scoreMean, scoreNumbers, scoreShares } from '../src/model/score.ts'
import type { Feature } from '../src/table/encoding.ts'

const feature = (scaled: boolean): Feature => ({ column: 'c', value: undefined, label: 'c', scaled })
const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true })

describe('standardisation', () => {
  test('numbers that differ little for their size are told apart, and one value in every row stays 0', () => {
    const rows = Int32Array.from({ length: 99 }, (_, k) => k)
    const large = Float64Array.from(rows, k => 2 ** 53 + 2 * k)
    const scaler = fitScaler([feature(true)], large, rows)
    expect(scaler.mean).toEqual([2 ** 53 + 98])
    expect(scaler.deviation[0]).toBeCloseTo(57.15, 2)
    const same = new Float64Array(99).fill(0.1)
    expect(fitScaler([feature(true)], same, rows)).toEqual({ mean: [0.1], deviation: [1] })
  })

  test('weights taken back to the table give the predictions of the standardised model', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(finite, finite, finite), { minLength: 3, maxLength: 20 }),
        fc.tuple(finite, finite),
        finite,
        (table, weights, bias) => {
          const x = Float64Array.from(table.flat())
          const y = Float64Array.from(table, ([, , value]) => value)
          const rows = Int32Array.from(table, (_, k) => k)
          const scaler = fitScaler([feature(true), feature(false)], x, rows)
          const target = fitTargetScale(y, rows)
          const scaled = applyScaler(scaler, x)
          const own = toTableUnits(weights, bias, scaler, target)
          for (const row of rows) {
            const inner = bias + weights[0] * scaled[2 * row]! + weights[1] * scaled[2 * row + 1]!
            const expected = target.mean + target.deviation * inner
            const terms = [own.intercept, own.weights[0]! * x[2 * row]!, own.weights[1]! * x[2 * row + 1]!]
            const size = Math.max(...terms.map(Math.abs), Math.abs(expected), 1)
            expect(Math.abs(terms[0]! + terms[1]! + terms[2]! - expected)).toBeLessThan(1e-9 * size)
          }
        },
      ),
    )
  })

  test('the scale is fitted on the rows given, and a constant column stays finite', () => {
    const x = Float64Array.of(1, 5, 3, 5, 1000, 5)
    const scaler = fitScaler([feature(true), feature(true)], x, Int32Array.of(0, 1))
    expect(scaler).toEqual({ mean: [2, 5], deviation: [1, 1] })
  })
})

describe('the split', () => {
  test('every row is learned from or held out, once, and the seed decides which', () => {
    const { train, heldOut } = splitRows(3, 101, 0.2)
    expect(heldOut).toHaveLength(20)
    expect([...train, ...heldOut].sort((a, b) => a - b)).toEqual(Array.from({ length: 101 }, (_, k) => k))
    expect(splitRows(3, 101, 0.2).heldOut).toEqual(heldOut)
    expect(splitRows(4, 101, 0.2).heldOut).not.toEqual(heldOut)
  })

  test('one row is always left to learn from, and one held out unless none is asked for', () => {
    expect(splitRows(0, 2, 0.9)).toMatchObject({ train: { length: 1 }, heldOut: { length: 1 } })
    expect(splitRows(0, 3, 0.01).heldOut).toHaveLength(1)
    expect(splitRows(0, 3, 0).heldOut).toHaveLength(0)
  })

  test('an order does not depend on the global generator', () => {
    const order = shuffled(1, 50)
    manualSeed(99)
    expect(shuffled(1, 50)).toEqual(order)
    const { epochs } = runKeys(1)
    expect(epochOrder(epochs, 0, 50)).not.toEqual(epochOrder(epochs, 1, 50))
    expect(epochOrder(epochs, 1, 50)).toEqual(epochOrder(runKeys(1).epochs, 1, 50))
  })
})

describe('scores', () => {
  test('R² is 1 for the truth, 0 for its mean, and the errors are in the table units', () => {
    const actual = [1, 2, 3, 6]
    expect(scoreNumbers(actual, actual)).toEqual({ r2: 1, rmse: 0, mae: 0, rows: 4 })
    expect(scoreMean(actual, actual)).toMatchObject({ r2: 0, mae: 1.5 })
    expect(scoreNumbers(actual, [1, 2, 3, 2])).toMatchObject({ r2: 1 - 16 / 14, rmse: 2, mae: 1 })
  })

  test('the baseline answers with the mean of the training rows, not of those it is asked about', () => {
    expect(scoreMean([0, 10], [5, 7]).mae).toBe(1)
  })

  test('classes are scored by the likeliest one and by the probability of the true one', () => {
    const score = scoreClasses([0, 1, 1], [0.9, 0.1, 0.4, 0.6, 0.8, 0.2], 2)
    expect(score.accuracy).toBeCloseTo(2 / 3)
    expect(score.logLoss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.6) + Math.log(0.2)) / 3)
    expect(scoreShares([0, 1, 1, 1], [1, 0], 2)).toMatchObject({ accuracy: 0.5 })
  })
})

describe('the loop', () => {
  test('the learning rate falls from its full value to nearly nothing', () => {
    expect(rateAt(0.1, 0, 100)).toBeCloseTo(0.1)
    expect(rateAt(0.1, 50, 100)).toBeCloseTo(0.05, 3)
    expect(rateAt(0.1, 99, 100)).toBeLessThan(0.001)
    expect(stepsPerEpoch(65, 64)).toBe(2)
  })

  test('a network is the same function of its own weights and of weights handed to it', () => {
    const network = new Network({ inputs: 3, hidden: [4, 5], outputs: 2 }, runKeys(0).weights)
    const x = tensor([[1, 2, 3]])
    expect(network.call(x).shape).toEqual([1, 2])
    expect(network.call(x).toArray()).toEqual(forward(network.weights, x).toArray())
    expect(network.parameterCount()).toBe(3 * 4 + 4 + 4 * 5 + 5 + 5 * 2 + 2)
  })
})
