// What a compiled function returns has a history that was not kept. Where the same result of the function that simply runs
// would be followed by a derivative, this one's derivative says so instead of being silently left out.
import { GradientError } from '../base/errors.ts'
import { record } from '../core/bind.ts'
import { makeValue, type Primitive, type Value } from '../core/value.ts'

const refuse = (): never => {
  throw new GradientError(
    'backward: the derivative comes to the result of a compiled function, which kept nothing to differentiate. ' +
      'Call backward inside the compiled function (gradients in .grad are seen outside), compile the function that takes the derivative, or call the function uncompiled here. If no gradient is to flow, cut it with .detach()',
  )
}

const primitive: Primitive = {
  name: 'compiled function',
  words: 'What a compiled function computed, of which it keeps no history.',
  infer: ([x]) => x as Value,
  evaluate: ([x]) => (x as Value).buffer,
  vjp: refuse,
  jvp: refuse,
  edges: null,
  lower: null,
  batch: null,
  formula: null,
  slopes: null,
  samples: [],
}

/** Stands for everything that the result depends on. */
let origin: Value | null = null

/** Makes `value` a result whose history is lost. */
export function cutOff(value: Value): void {
  if (origin === null) {
    origin = makeValue([], 'float32', new Float32Array(1))
    origin.track = 1
  }
  record(value, primitive, [origin], null, 1)
}

export function isCutOff(value: Value): boolean {
  return value.node?.primitive === primitive
}
