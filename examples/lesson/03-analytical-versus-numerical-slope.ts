// Program 3 of 11. The derivative gives the slope exactly. A difference taken on both sides of w, the centred one,
// estimates it without the one-sided error of program 2.

const x = 2
const y = 5
const w = 3
const eps = 1e-5

function lossAt(weight: number): number {
  return (weight * x - y) ** 2
}

// loss = (x·w - y)², so d loss / d w = 2·(x·w - y)·x
const analytical = 2 * (x * w - y) * x
const numerical = (lossAt(w + eps) - lossAt(w - eps)) / (2 * eps)
const agree = Math.abs(analytical - numerical) < 1e-6

console.log(`analytical slope   ${analytical.toFixed(6)}`)
console.log(`numerical slope    ${numerical.toFixed(6)}`)
console.log(`agree within 1e-6  ${agree}`)
