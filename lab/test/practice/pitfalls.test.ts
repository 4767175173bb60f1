import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Demonstration } from '$lib/pitfalls/demonstration.ts'
import { reproduce } from '$lib/pitfalls/run.ts'

const column = ({ tables }: Demonstration, label: string, table = 0) => {
  const { columns, rows } = tables[table]!
  const at = columns.findIndex(each => each.label === label)
  return rows.map(row => row[at])
}

describe('the button of each pitfall', () => {
  it('updating uphill: the loss rises at once and the gradient passes its check', async () => {
    const shown = await reproduce('uphill')
    expect(column(shown, 'w')).toEqual(['3', '3.4', '4.12', '5.416', '7.7488'])
    expect(column(shown, 'loss')).toEqual(['1', '3.24', '10.4976', '34.0122', '110.1996'])
    expect(shown.reports[0]!.printed).toMatch(/^gradcheck: pass/)
  })

  it('forgetting a factor: a constant ratio on one row, a varying one on the table', async () => {
    const shown = await reproduce('missing-factor')
    expect(column(shown, 'planted / right')).toEqual(['0.5', '0.5', '0.5'])
    expect(new Set(column(shown, 'planted / right', 1)).size).toBe(3)
    expect(column(shown, 'right', 1)[0]).toBe('[−9.9, −3.925]')
    expect(shown.reports[0]!.printed).toMatch(/gradcheck: fail\n {2}likely mistake +a constant ratio of 1\/2/)
    expect(shown.reports[1]!.printed).toMatch(/gradcheck: fail/)
  })

  it('too large a step: signs alternate, the loss explodes, the check passes until the guard stops', async () => {
    const shown = await reproduce('too-large-step')
    const losses = column(shown, 'loss')
    expect(losses[0]).toBe('43.375')
    expect(losses.at(-1)).toBe('∞')
    expect(column(shown, 'step')).toEqual(['0', '1', '2', '3', '20', '21', '100', '1000', '3926'])
    expect(column(shown, 'gradcheck')).toEqual([...Array(8).fill('pass'), 'the guard stops here'])
    expect(
      column(shown, 'error of row 4')
        .slice(3, 6)
        .map(text => text!.split('(')[1]),
    ).toEqual(['too long)', 'too short)', 'too long)'])
  })

  it('autograd without understanding: zero, huge and wrong-shaped are each explained', async () => {
    const shown = await reproduce('opaque-autograd')
    const [zero, huge, shape] = shown.reports.map(report => report.printed)
    expect(column(shown, 'gradient').slice(0, 2)).toEqual(['[−9.9, −3.925]', '[0, 0]'])
    expect(zero).toMatch(/dead edge: all 4 paths have a factor of exactly 0: relu/)
    expect(huge).toMatch(/d prediction \/ d w\[0\]/)
    expect(shape).toMatch(/shape \[4\] \(float64\) for input 0 of shape \[2\]/)
  })

  it('stale gradients: twice, three times, and once again when cleared', async () => {
    const shown = await reproduce('stale-gradient')
    expect(column(shown, 'w.grad')).toEqual([
      '[−9.9, −3.925]',
      '[−19.8, −7.85]',
      '[−29.7, −11.775]',
      '[−9.9, −3.925]',
    ])
    expect(column(shown, 'of the first')).toEqual(['1×', '2×', '3×', '1×'])
  })

  it('prints no place in the bundled code', async () => {
    const words = parse(
      readFileSync(new URL('../../lessons/gradients-and-backprop/pitfalls.yaml', import.meta.url), 'utf8'),
    )
    for (const { id } of words as { id: string }[]) {
      const { reports } = await reproduce(id)
      for (const { printed } of reports) expect(printed).not.toMatch(/:\d+:\d+/)
    }
    await expect(reproduce('elsewhere')).rejects.toThrow('no demonstration of the pitfall "elsewhere"')
  })
})
