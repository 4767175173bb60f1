// The numbers that all contestants start from. A number is a hash of its stream and position, so that Python makes the
// same ones (peers/torch_peer.py) and no library's random generator has a part in it.

/** A uniform number in [0, 1) with 24 bits: exact in float32. */
export function uniform(stream, i) {
  let x = Math.imul(stream + 1, 0x9e3779b9) + i
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return ((x ^ (x >>> 15)) >>> 8) * 2 ** -24
}

const count = shape => shape.reduce((n, size) => n * size, 1)

/**
 * The elements that a specification asks for, row-major: `{ shape, bound }` uniform in ±bound, `{ shape, value }` all
 * equal, `{ shape, values }` as listed, `{ shape, labels }` whole numbers below `labels` (an Int32Array).
 */
export function numbers(spec, stream) {
  const n = count(spec.shape)
  if (spec.values !== undefined) return Float32Array.from(spec.values)
  if (spec.value !== undefined) return new Float32Array(n).fill(spec.value)
  if (spec.labels !== undefined)
    return Int32Array.from({ length: n }, (_, i) => Math.floor(uniform(stream, i) * spec.labels))
  const out = new Float32Array(n)
  for (let i = 0; i < n; i++) out[i] = (2 * uniform(stream, i) - 1) * spec.bound
  return out
}

/** Parameters are streams 0, 1, ...; inputs streams 1000, 1001, ... */
export const parametersOf = workload =>
  workload.params.map((spec, k) => ({ ...spec, data: numbers(spec, k) }))
export const inputsOf = workload =>
  workload.inputs.map((spec, k) => ({ ...spec, data: numbers(spec, 1000 + k) }))

/** A matrix [rows, columns] read as [columns, rows]. */
export function transposed({ shape: [rows, columns], data }) {
  const out = new data.constructor(data.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j]
  return { shape: [columns, rows], data: out }
}
