// The minute's tour of the README. Run it with `node examples/dist/tour.js`.
import { hessian, tensor } from 'chainrule'
import { gradcheck } from 'chainrule/check'
import { explain, named } from 'chainrule/explain'

// A table of four requests, two weights, and a gradient.
const x = tensor([
  [1, 0.5],
  [2, 1],
  [3, 0.5],
  [4, 2],
])
const y = tensor([2.5, 5, 6.5, 10])
const w = tensor([1.3, 1.1], { requiresGrad: true })

const loss = x.matmul(w).sub(y).square().mean()
loss.backward()
console.log(loss)
console.log(w.grad)

// Second derivatives: transforms nest to any depth.
console.log(hessian(v => v.pow(3).sum())(tensor([1, 2])))

// Is a gradient right? At a kink, the honest answer is neither yes nor no.
console.log(String(gradcheck(v => v.relu(), [tensor([0, 2], { dtype: 'float64', requiresGrad: true })])))

// Why is this gradient zero?
const { gate } = named({ gate: tensor(-0.5, { dtype: 'float64', requiresGrad: true }) })
console.log(String(explain(() => gate.relu().mul(3).square(), gate)))
