// What this machine can do, measured in the same run: multiply-adds from registers, and copying memory. Prints JSON.
import { ModuleBuilder } from '../engine/dist/wasm/assembler.js'
import { features } from '../engine/dist/wasm/features.js'
import { median } from './measure.mjs'

const accumulators = 12
const rounds = 20_000

/** A loop of independent multiply-adds on registers alone. */
function peak() {
  const { relaxed } = features()
  const module = new ModuleBuilder()
  const f = module.func(['i32'], ['v128'])
  const totals = Array.from({ length: accumulators }, () => f.local('v128'))
  const [a, b] = [f.local('v128'), f.local('v128')]
  f.f32x4_const(0.999)
  f.local_set(a)
  f.f32x4_const(0.001)
  f.local_set(b)
  f.loop()
  for (const total of totals) {
    f.local_get(total)
    f.local_get(a)
    if (relaxed) {
      f.local_get(b)
      f.f32x4_relaxed_madd()
    } else {
      f.f32x4_mul()
      f.local_get(b)
      f.f32x4_add()
    }
    f.local_set(total)
  }
  f.local_get(0)
  f.i32_const(1)
  f.i32_sub()
  f.local_tee(0)
  f.br_if(0)
  f.end()
  f.local_get(totals[0])
  for (const total of totals.slice(1)) {
    f.local_get(total)
    f.f32x4_add()
  }
  module.exportFunction('peak', f.index)
  // A vector cannot cross into JavaScript: the exported function drops it.
  const g = module.func(['i32'], [])
  g.local_get(0)
  g.call(f.index)
  g.drop()
  module.exportFunction('run', g.index)
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(module.encode())).exports
  const flops = 8 * accumulators * rounds
  return best(() => run(rounds), flops) / 1e9
}

/** The most of `amount` per second over many runs: a limit is what the machine reaches undisturbed. */
function best(run, amount) {
  for (const end = performance.now() + 300; performance.now() < end; ) run()
  const times = Array.from({ length: 60 }, () => {
    const start = performance.now()
    run()
    return (performance.now() - start) / 1000
  }).sort((x, y) => x - y)
  return amount / median(times.slice(0, 20))
}

function copying() {
  const from = new Float32Array(10_000_000).fill(1)
  const to = new Float32Array(from.length)
  return best(() => to.set(from), 8 * from.length) / 1e9
}

console.log(JSON.stringify({ gflops: peak(), copyGBs: copying() }))
