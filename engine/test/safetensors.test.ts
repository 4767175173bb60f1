// The safetensors format: round trips, the exact layout, and damaged files.
import { type Tensor, tensor, zeros } from 'chainrule'
import { decodeSafetensors, encodeSafetensors } from 'chainrule/io'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const sample = () => ({
  b: tensor([true, false, true]),
  w: tensor(
    [
      [1.5, -2],
      [Number.NaN, Number.POSITIVE_INFINITY],
    ],
    { dtype: 'float64' },
  ),
  x: tensor([1, 2, 3], { dtype: 'float32' }),
  n: tensor([-7], { dtype: 'int32' }),
  none: zeros([0, 4]),
  scalar: tensor(0.1),
})

test('what is written is read back, bit for bit, with its metadata', () => {
  const tensors = sample()
  const read = decodeSafetensors(encodeSafetensors(tensors, { made: 'für uns' }))
  expect(read.metadata).toEqual({ made: 'für uns' })
  expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(tensors).sort())
  for (const [name, x] of Object.entries(tensors) as [string, Tensor][]) {
    const y = read.tensors[name] as Tensor
    expect([y.shape, y.dtype, y.data]).toEqual([x.shape, x.dtype, x.data])
  }
})

test('the layout is that of the specification', () => {
  const bytes = encodeSafetensors({ x: tensor([1, 2]) })
  const view = new DataView(bytes.buffer)
  const length = Number(view.getBigUint64(0, true))
  expect(length % 8).toBe(0)
  expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
    x: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
  })
  expect([view.getFloat32(8 + length, true), view.getFloat32(12 + length, true)]).toEqual([1, 2])
  expect(bytes.length).toBe(8 + length + 8)
})

test('reads bytes at any offset of a larger buffer', () => {
  const bytes = encodeSafetensors(sample())
  const shifted = new Uint8Array(bytes.length + 3)
  shifted.set(bytes, 3)
  expect(decodeSafetensors(shifted.subarray(3)).tensors.x?.toArray()).toEqual([1, 2, 3])
})

test('damaged and foreign files give one clear error and nothing else', () => {
  const good = encodeSafetensors(sample())
  expect(() => decodeSafetensors(new Uint8Array(3))).toThrow(/3 bytes, fewer than its length field/)
  expect(() => decodeSafetensors(good.subarray(0, good.length - 1))).toThrow(/claims bytes/)
  expect(() => decodeSafetensors(new Uint8Array(100).fill(255))).toThrow(/header claims/)
  expect(() => decodeSafetensors('x' as never)).toThrow(/expected the file's bytes/)
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
      const bad = good.slice()
      bad[at] = byte
      try {
        decodeSafetensors(bad)
      } catch (error) {
        expect((error as Error).name).toMatch(/^(ArgumentError)$/)
      }
    }),
    { numRuns: 2000 },
  )
})

test('a dtype that the engine has not is named', () => {
  const bytes = encodeSafetensors({ x: tensor([1]) })
  const text = new TextDecoder().decode(bytes).replace('F32', 'F16')
  expect(() => decodeSafetensors(Uint8Array.from(text, c => c.charCodeAt(0)))).toThrow(
    /x has dtype "F16"; this engine reads F32/,
  )
})
