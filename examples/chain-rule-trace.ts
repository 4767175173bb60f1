// Why is this gradient 4, and that one 6? The two traces of the lesson: the factors along one path (program 7), and one
// weight that reaches the loss along two (program 8).
import { tensor } from 'chainrule'
import { explain, named } from 'chainrule/explain'

const number = (value: number) => tensor(value, { dtype: 'float64' })
const weight = (value: number) => tensor(value, { dtype: 'float64', requiresGrad: true })

const { x_prompt, x_queue, y } = named({ x_prompt: number(2), x_queue: number(1), y: number(5) })
const { w_prompt, w_queue, w } = named({ w_prompt: weight(2), w_queue: weight(2), w: weight(2) })

const twoWeights = () => {
  const { prediction } = named({ prediction: w_prompt.mul(x_prompt).add(w_queue.mul(x_queue)) })
  const { error } = named({ error: prediction.sub(y) })
  return named({ loss: error.square() }).loss
}

const sharedWeight = () => {
  const { prediction } = named({ prediction: w.mul(x_prompt).add(w.mul(x_queue)) })
  const { error } = named({ error: prediction.sub(y) })
  return named({ loss: error.square() }).loss
}

console.log(String(explain(twoWeights, w_prompt)))
console.log()
console.log(String(explain(sharedWeight, w)))
