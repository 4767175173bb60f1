// A loss with a gradient written by hand, for `npx chainrule check examples/my-loss.ts` to judge: log cosh, which is
// quadratic near 0 and linear far away. Change `tanh` to `sigmoid` below and run it again:
// the verdict names the op and this file's line.
import { defineFunction, type Tensor, tensor } from 'chainrule'

/** log cosh e, written so that a large e does not overflow: |e| + log(1 + exp(-2·|e|)) - log 2. */
const logCosh = defineFunction({
  name: 'logCosh',
  forward: (e: Tensor) => e.abs().add(e.abs().mul(-2).exp().log1p()).sub(Math.LN2),
  // d log cosh e / d e = tanh e
  vjp: (ct: Tensor, [e]: readonly Tensor[]) => [ct.mul((e as Tensor).tanh())],
})

const x = tensor(
  [
    [1, 0.5],
    [2, 1],
    [3, 0.5],
    [4, 2],
  ],
  { dtype: 'float64' },
)
const y = tensor([2.5, 5, 6.5, 10], { dtype: 'float64' })

/** Where the gradient is checked: the two weights. */
export const inputs = (): Tensor[] => [tensor([1.3, 1.1], { dtype: 'float64', requiresGrad: true })]

// biome-ignore lint/style/noDefaultExport: `chainrule check` judges the default function
export default (w: Tensor): Tensor => logCosh(x.matmul(w).sub(y)).mean()
