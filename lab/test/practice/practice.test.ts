import { describe, expect, it } from 'vitest'
import { problems } from '$lessons/gradients-and-backprop/practice.ts'
import { type Asked, judge } from '$lib/practice/diagnose.ts'
import { parseAnswer } from '$lib/practice/parse.ts'

const read = (text: string, wanted: number) => {
  const parsed = parseAnswer(text, wanted)
  return 'values' in parsed ? parsed.values : parsed.unread
}

describe('an answer', () => {
  it('is read in every form that means the same number', () => {
    const six = [
      '6',
      ' 6 ',
      '+6',
      '6.0',
      '6,0',
      '6/1',
      '12/2',
      '6 s',
      '6s',
      '6 seconds',
      '6 s²',
      'w = 6',
      '[6]',
      '(6)',
      '６',
    ]
    for (const text of [
      ...six,
      '2·1·3 = 6',
      '2×3',
      '2 * 3',
      '6e0',
      '0.6·10¹',
      '600 · 10⁻²',
      'loss: 6',
      'loss ≈ 6',
      'w_prompt 6',
    ]) {
      expect([text, read(text, 1)]).toEqual([text, [6]])
    }
    for (const text of ['-6', '−6', '–6', '- 6', '6/-1', '−6 s', '−6,0']) {
      expect([text, read(text, 1)]).toEqual([text, [-6]])
    }
    for (const text of ['.5', ',5', '1/2', '0,5', '5e-1', '5e−1']) {
      expect([text, read(text, 1)]).toEqual([text, [0.5]])
    }
  })

  it('is read in every form that means the same vector', () => {
    const forms = [
      '[1.7, 1.9]',
      '1.7; 1.9',
      '1.7, 1.9',
      '1.7 1.9',
      '(1.7,1.9)',
      '1,7; 1,9',
      '1,7, 1,9',
      '1,7 1,9',
      '1,7,1,9',
    ]
    const labelled = [
      'w_prompt = 1.7, w_queue = 1.9',
      'w₁ = 1.7; w₂ = 1.9',
      '1.7 and 1.9',
      '1.7\n1.9',
      '[1.7 s, 1.9 s]',
      '17/10 19/10',
    ]
    for (const text of [...forms, ...labelled]) {
      expect([text, read(text, 2)]).toEqual([text, [1.7, 1.9]])
    }
    expect(read('[−9.9, −3.925]', 2)).toEqual([-9.9, -3.925])
    expect(read('1, 7', 2)).toEqual([1, 7])
    expect(read('8 1 1', 3)).toEqual([8, 1, 1])
  })

  it('that cannot be read is answered with a sentence, not called wrong', () => {
    expect(read('', 1)).toBe('Write a number.')
    expect(read('  ', 2)).toBe('Write 2 numbers.')
    expect(read('six', 1)).toBe('“six” cannot be read as one number.')
    expect(read('6 or 7', 1)).toBe('“6 or 7” cannot be read as one number.')
    expect(read('1.7', 2)).toBe('2 numbers are wanted here, and 1 could be read.')
    expect(read('1 2 3', 2)).toBe('2 numbers are wanted here, and 3 could be read.')
    for (const text of ['1/0', 'Infinity', 'NaN', '1e999', '--6', '6..2', '<b>6</b>']) {
      expect([text, typeof read(text, 1)]).toEqual([text, 'string'])
    }
  })
})

describe('a wrong answer', () => {
  const labels = ['prompt', 'queue']
  const asked = (answer: readonly number[], more: Partial<Asked> = {}): Asked => ({
    model: { answer: () => answer, diagnoses: {} },
    vars: {},
    tolerance: 0.001,
    labels: labels.slice(0, answer.length),
    diagnoses: [],
    ...more,
  })
  const kind = (answer: readonly number[], given: readonly number[]) => {
    const judgement = judge(asked(answer), given)
    return judgement.right ? 'right' : judgement.kind
  }

  it('is told from a right one within the tolerance', () => {
    expect(kind([6, 2], [6.0005, 2])).toBe('right')
    expect(kind([6, 2], [6.01, 2])).toBe('close')
    expect(kind([0.1], [0.1 + 0.001])).toBe('right')
  })

  it('is told by what it shows: order, sign, factor, some places, nothing', () => {
    expect(kind([6, 2], [2, 6])).toBe('order')
    expect(kind([6, 2], [-6, -2])).toBe('sign')
    expect(kind([6, 2], [6, -2])).toBe('sign')
    expect(kind([6, 2], [3, 1])).toBe('factor')
    expect(kind([6, 2], [-12, -4])).toBe('factor')
    expect(kind([6, 2], [6, 9])).toBe('some-right')
    expect(kind([6, 2], [17, 0.3])).toBe('other')
    expect(kind([0], [3])).toBe('other')
  })

  it('is answered in words that say which', () => {
    const say = (answer: readonly number[], given: readonly number[]) => {
      const judgement = judge(asked(answer), given)
      return judgement.right ? '' : judgement.say
    }
    expect(say([6, 2], [6, -2])).toMatch(/^The size is right, the sign of queue is not/)
    expect(say([6, 2], [3, 1])).toBe('Every number is half what it should be. Which factor is missing?')
    expect(say([6], [12])).toBe(
      'Your number is 2 times what it should be. Which factor is there once too often?',
    )
    expect(say([6, 2], [6, 9])).toBe('Right so far: prompt. Look again at queue.')
    expect(say([6, 2], [2, 6])).toBe('The numbers are right and stand in the wrong order: prompt, queue.')
  })

  it('is first compared with the mistakes that the problem knows of', () => {
    const diagnoses = [{ id: 'no-feature', say: '{value} lacks the feature; not {answer}' }]
    const p2 = problems.p2!
    const known = judge({ model: p2, vars: p2.vars, tolerance: 0.001, labels, diagnoses }, [2, 2])
    expect(known).toEqual({ right: false, kind: 'known', say: '[2, 2] lacks the feature; not [6, 2]' })
    const p3 = problems.p3!
    const uphill = [{ id: 'uphill', say: 'uphill' }]
    expect(
      judge({ model: p3, vars: p3.vars, tolerance: 0.001, labels: [], diagnoses: uphill }, [2.3, 2.1, 9, 9]),
    ).toMatchObject({ say: 'uphill' })
  })
})

describe('the practice problems of the lesson', () => {
  it('have the answers that the lesson states', () => {
    const answers = Object.fromEntries(
      Object.entries(problems).map(([id, { answer, vars }]) => [
        id,
        [answer(vars)].flat().map(value => Number((value as number).toFixed(9)) + 0),
      ]),
    )
    expect(answers).toEqual({ p1: [8, 1, 1], p2: [6, 2], p3: [1.7, 1.9, 7, 0] })
  })

  it('know no mistake that gives the right answer', () => {
    for (const [id, { answer, vars, diagnoses }] of Object.entries(problems)) {
      const right = [answer(vars)].flat() as number[]
      for (const [name, wrong] of Object.entries(diagnoses)) {
        const places = [wrong(vars)].flat() as (number | null)[]
        const coincides = places.every((value, i) => value === null || Math.abs(value - right[i]!) < 1e-3)
        expect([id, name, coincides]).toEqual([id, name, false])
      }
    }
  })
})
