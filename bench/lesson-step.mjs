// The lesson step, eager, on this engine: a 4x2 table in float32; forward, backward, update. Prints one line of JSON with
// the loss that step 100 saw and the median time of a step. lesson_step.py is the same in PyTorch.
import { tensor } from 'chainrule'
import { SGD } from 'chainrule/optim'
import { median } from './measure.mjs'

const X = tensor([
  [1, 0.5],
  [2, 1],
  [3, 0.5],
  [4, 2],
])
const y = tensor([2.5, 5, 6.5, 10])
const w = tensor([0, 0], { requiresGrad: true })
const optimizer = new SGD([w], { lr: 0.03 })

function step() {
  optimizer.zeroGrad()
  const loss = X.matmul(w).sub(y).square().mean()
  loss.backward()
  optimizer.step()
  return loss
}

let loss = step()
for (let i = 1; i <= 100; i++) loss = step()

const [warmup, batch] = [20_000, 4_000]
for (let i = 0; i < warmup; i++) step()
const times = Array.from({ length: 5 }, () => {
  const start = performance.now()
  for (let i = 0; i < batch; i++) step()
  return ((performance.now() - start) * 1000) / batch
})
console.log(
  JSON.stringify({ name: `chainrule, Node ${process.versions.node}`, loss: loss.item(), us: median(times) }),
)
