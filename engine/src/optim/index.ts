// `chainrule/optim`: what moves parameters along their gradients.
import '../tensor/methods.ts'

export { Adam, type AdamSettings, AdamW } from './adam.ts'
export { type Group, Optimizer, type ParameterGroup } from './optimizer.ts'
export { SGD, type SGDSettings } from './sgd.ts'
