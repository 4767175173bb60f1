// Workloads that would grow if anything leaked: `node memory-workloads.mjs NAME COUNT` runs one and prints JSON with the
// most memory that was ever resident. They import the engine by name, so the caller decides which build it is.
import { tensor, zeros } from 'chainrule'
import { SGD } from 'chainrule/optim'

const workloads = {
  /** Training steps on the lesson's table. */
  steps(count) {
    const X = tensor([
      [1, 0.5],
      [2, 1],
      [3, 0.5],
      [4, 2],
    ])
    const y = tensor([2.5, 5, 6.5, 10])
    const w = tensor([0, 0], { requiresGrad: true })
    const optimizer = new SGD([w], { lr: 0.03 })
    for (let i = 0; i < count; i++) {
      optimizer.zeroGrad()
      X.matmul(w).sub(y).square().mean().backward()
      optimizer.step()
    }
  },

  /** Forward passes over 1 MB of float32, three operations each, whose results are dropped. */
  forward(count) {
    const x = zeros([512, 512]).add(0.5)
    for (let i = 0; i < count; i++) x.mul(2).add(1).relu()
  },

  /** The same on a leaf that requires a gradient: each dropped result takes its tape with it. */
  recorded(count) {
    const x = tensor(zeros([512, 512]).add(0.5).data, { requiresGrad: true })
    for (let i = 0; i < count; i++) x.mul(2).add(1).relu()
  },

  /** Forward passes whose results are kept: what a leak looks like. */
  kept(count) {
    const x = zeros([512, 512]).add(0.5)
    const results = []
    for (let i = 0; i < count; i++) results.push(x.mul(2).add(1).relu())
    return results
  },
}

const [, , name, count] = process.argv
const start = performance.now()
const held = workloads[name](Number(count))
const seconds = (performance.now() - start) / 1000
// The high-water mark that the system keeps, in KiB; `held` is still alive here.
const megabytes = (process.resourceUsage().maxRSS * 1024) / 1e6
console.log(JSON.stringify({ name, count: Number(count), held: held?.length ?? 0, seconds, megabytes }))
