import { describe, expect, test } from 'vitest'
import { allNumbers, find, readWanted, valuesOf } from '$pipeline/outputs.ts'

const outputs = new Map([
  ['descent', 'step       w  loss\n   0  3.0000  1.000000\n   1  2.6000  0.040000'],
  ['rates', 'rate 0.1  w 2.6   loss 0.04\nrate 1.0  w -1.0  loss 49.0'],
  ['vector', 'gradient  [-9.9, -3.925]\nagree     true\npath      2 × 1 × 2 = 4'],
])

describe('the values of a printed line', () => {
  test('are its numbers and truth values, without brackets, signs and names of columns', () => {
    expect(valuesOf('[-9.9, -3.925]')).toEqual([-9.9, -3.925])
    expect(valuesOf('  w -1.0  loss 49.0')).toEqual([-1, 49])
    expect(valuesOf('2 × 1 × 2 = 4')).toEqual([2, 1, 2, 4])
    expect(valuesOf('True')).toEqual([true])
  })
})

describe('naming a value', () => {
  test('takes cell, label and index; a label may hold spaces', () => {
    expect(readWanted('descent:1:0')).toEqual({ cell: 'descent', label: '1', index: 0 })
    expect(readWanted('rates:rate 1.0:1')).toEqual({ cell: 'rates', label: 'rate 1.0', index: 1 })
    expect(readWanted('vector:agree')).toEqual({ cell: 'vector', label: 'agree', index: 0 })
    expect(readWanted('no colon here')).toBeNull()
  })

  test.each([
    ['descent:1:1', 0.04],
    ['rates:rate 1.0:1', 49],
    ['vector:gradient:1', -3.925],
    ['vector:agree', true],
    ['vector:path:3', 4],
  ])('%s is %s', (wanted, value) => {
    expect(find(readWanted(wanted)!, outputs)).toBe(value)
  })

  test.each([
    ['nowhere:x', /there is no cell "nowhere": the lesson has descent, rates, vector/],
    ['vector:slope', /no line of what "vector" prints begins with "slope"/],
    ['rates:rate', /2 lines of what "rates" prints begin|2 lines of what "rates" prints begins/],
    ['vector:gradient:2', /has no value 2 \(counted from 0\): -9.9, -3.925/],
  ])('%s says what is missing', (wanted, message) => {
    expect((find(readWanted(wanted)!, outputs) as { missing: string }).missing).toMatch(message)
  })
})

test('every printed number is known, with its cell', () => {
  const numbers = allNumbers(outputs)
  expect(numbers.get(-3.925)).toBe('vector')
  expect(numbers.get(49)).toBe('rates')
  expect(numbers.has(3.925)).toBe(false)
})
