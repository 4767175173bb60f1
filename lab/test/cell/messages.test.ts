import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { captureValue } from '../../src/lib/cell/run/capture.ts'
import { lineInStack, readablePlaces, syntaxError, thrownError } from '../../src/lib/cell/run/errors.ts'
import { readMessage } from '../../src/lib/cell/run/protocol.ts'

const url = 'blob:null/6f2c'

describe('bringing errors back to the source', () => {
  it('finds the innermost line of the program in the stacks of all engines', () => {
    const v8 = `Error: no\n    at add (blob:null/engine:1:99)\n    at f (${url}:7:3)\n    at ${url}:9:1`
    const spiderMonkey = `add@blob:null/engine:1:99\nf@${url}:7:3\n@${url}:9:1`
    const jsc = `add@blob:null/engine:1:99\nf@${url}:7:3\nglobal code@${url}:9:1`
    for (const stack of [v8, spiderMonkey, jsc]) expect(lineInStack(stack, url)).toBe(7)
    expect(lineInStack('Error: no\n    at blob:null/engine:1:99', url)).toBeNull()
  })

  it('takes the place out of a syntax error', () => {
    const error = Object.assign(new SyntaxError('Error transforming cell.ts: Unexpected token (3:5)'), {
      loc: { line: 3, column: 5 },
    })
    expect(syntaxError(error)).toEqual({ kind: 'syntax', message: 'SyntaxError: Unexpected token', line: 3 })
  })

  it('says what was thrown when it was no error', () => {
    expect(thrownError(5, url)).toEqual({ kind: 'thrown', message: 'thrown: 5', line: null })
    const says = (thrown: unknown) => thrownError(thrown, url).message
    expect([{}, { code: 7 }, [1, 2]].map(says)).toEqual([
      'thrown: {}',
      'thrown: { code: 7 }',
      'thrown: [ 1, 2 ]',
    ])
    expect([null, undefined, '', 'stop'].map(says)).toEqual([
      'thrown: null',
      'thrown: undefined',
      'thrown: ',
      'thrown: stop',
    ])
    const rude = {
      toString: () => {
        throw new Error('no')
      },
    }
    expect(says(rude)).toBe('thrown: [cannot be printed]')
    class Rude extends Error {
      override get message(): string {
        throw new Error('no')
      }
    }
    expect(says(new Rude())).toBe('thrown: a value that cannot be printed')
  })

  it('says what an error was caused by, and stops where causes go in a circle', () => {
    const says = (thrown: unknown) => thrownError(thrown, url).message
    const inner = new RangeError('rate must be positive')
    const outer = new Error('training stopped', { cause: inner })
    expect(says(outer)).toBe('Error: training stopped, caused by RangeError: rate must be positive')
    expect(says(new Error('no step', { cause: { rate: -1 } }))).toBe('Error: no step, caused by { rate: -1 }')
    expect(says(new TypeError())).toBe('TypeError')
    inner.cause = outer
    expect(says(outer).split(', caused by ')).toHaveLength(5)
  })

  it('writes places as the reader knows them', () => {
    expect(readablePlaces(`detach at ${url}:12:5, log at ${url}:3:1`, url, 'nudge.ts')).toBe(
      'detach at nudge.ts:12, log at nudge.ts:3',
    )
  })
})

describe('what the page believes of a worker', () => {
  it('takes well-formed messages as they are', () => {
    const line = { type: 'line', line: { text: 'loss 1', tone: 'log' } }
    expect(readMessage(line)).toEqual(line)
    const numbers = { shape: [2], data: [1, Number.NaN], more: 0 }
    const end = {
      type: 'end',
      values: [{ name: 'w', kind: 'tensor', numbers, dtype: 'float32', grad: null }],
      dropped: 0,
    }
    expect(readMessage(end)).toEqual(end)
  })

  it.each([
    null,
    'line',
    { type: 'line' },
    { type: 'line', line: { text: 5, tone: 'log' } },
    { type: 'line', line: { text: 'x', tone: '<b>' } },
    { type: 'error', error: { kind: 'thrown', message: 'x', line: -1 } },
    {
      type: 'end',
      values: [{ name: 'w', kind: 'number', numbers: { shape: [], data: ['1'], more: 0 } }],
      dropped: 0,
    },
    {
      type: 'end',
      values: [{ name: 'w', kind: 'number', numbers: { shape: [], data: Array(1e4).fill(1), more: 0 } }],
      dropped: 0,
    },
    { type: 'explained', passes: [{ text: 'x', svg: 'x'.repeat(600_000) }], earlier: 0 },
    { type: 'stop' },
  ])('refuses %j', message => {
    expect(readMessage(message)).toBeNull()
  })

  it('shortens what is too long', () => {
    const message = readMessage({ type: 'line', line: { text: 'x'.repeat(1e5), tone: 'log' } })
    expect(message?.type === 'line' && message.line.text.length).toBe(4_000)
  })

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.constantFrom('line', 'error', 'end', 'explained', 'unexplained'),
        (rest, type) => {
          readMessage(rest)
          readMessage(
            typeof rest === 'object' && rest !== null
              ? { ...rest, type }
              : { type, line: rest, values: rest },
          )
        },
      ),
    )
  })
})

describe('capturing values', () => {
  const capture = (value: unknown) => captureValue('v', value, () => false)

  it('keeps numbers, truth values, arrays and tables of numbers', () => {
    expect(capture(3)?.numbers).toEqual({ shape: [], data: [3], more: 0 })
    expect(capture(true)?.kind).toBe('truth')
    expect(capture([1, 2])?.numbers.shape).toEqual([2])
    expect(
      capture([
        [1, 2],
        [3, 4],
      ])?.numbers.shape,
    ).toEqual([2, 2])
    expect(capture(new Float32Array([1]))?.numbers.shape).toEqual([1])
  })

  it('leaves out the rest', () => {
    for (const value of ['text', () => 1, {}, [], ['a'], [[1], [1, 2]], null, undefined, [1, 'a']]) {
      expect(capture(value)).toBeNull()
    }
  })

  it('sends only the first of many numbers', () => {
    expect(capture(Array.from({ length: 1_000 }, (_, i) => i))?.numbers).toMatchObject({
      shape: [1_000],
      more: 936,
    })
  })
})
