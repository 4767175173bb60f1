// What the page says of a gradient, and what it opens with.
import { describe, expect, test } from 'vitest'
import { initialState } from '../../src/lib/playground/address.ts'
import { openingState } from '../../src/lib/playground/opening.onserver.ts'
import { resolution, sharesOf } from '../../src/lib/playground/surface.ts'
import { Trainer } from '../../src/lib/playground/trainer.ts'
import { firstWeight, whyOf, withMinus } from '../../src/lib/playground/view.ts'

const { data, model } = initialState()

describe('minus signs', () => {
  test('are written one way, whoever wrote the number', () => {
    expect(withMinus('sum -9.9 x (-σ(output)) - 2e-11, error = output - y')).toBe(
      'sum −9.9 x (−σ(output)) − 2e−11, error = output − y',
    )
  })

  test('are not made of hyphens in names', () => {
    expect(withMinus('queue-time, x-1, non-finite')).toBe('queue-time, x-1, non-finite')
  })

  test('are the only ones in a trace and its reason', () => {
    const trainer = new Trainer(data, model)
    trainer.run(20)
    const why = whyOf(trainer, firstWeight)
    expect(why.trace).toContain('−')
    expect(why.trace + why.reason).not.toMatch(/-[\d.]/)
  })
})

describe('the opening', () => {
  test('is what the engine makes of the same data, and travels as JSON', () => {
    const trainer = new Trainer(data, model)
    const opening = openingState()
    expect(JSON.parse(JSON.stringify(opening))).toEqual(opening)
    expect(opening.now).toEqual(trainer.now)
    expect(opening.parts).toEqual(trainer.contributions(firstWeight))
    expect(opening.why).toEqual(whyOf(trainer, firstWeight))
    expect(Uint8ClampedArray.from(atob(opening.shares), byte => byte.charCodeAt(0))).toEqual(
      sharesOf(trainer),
    )
  })
})

describe('the surface', () => {
  test('reads from the top left, and spans the range of the answers', () => {
    const trainer = new Trainer(data, model)
    trainer.run(300)
    const shares = sharesOf(trainer)
    expect(shares).toHaveLength(resolution ** 2)
    // Four clouds: top left and bottom right are class 1, the other corners class 0.
    const corner = (row: number, column: number) => shares[row * resolution + column]!
    const far = resolution - 5
    expect(corner(4, 4)).toBeGreaterThan(240)
    expect(corner(far, far)).toBeGreaterThan(240)
    expect(corner(4, far)).toBeLessThan(15)
    expect(corner(far, 4)).toBeLessThan(15)
  })
})
