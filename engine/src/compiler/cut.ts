// Values of compiled functions whose history ends here, though that of the function that simply runs would go on. A
// derivative that comes to one says so instead of being silently left out.
import { GradientError } from '../base/errors.ts'
import { record } from '../core/bind.ts'
import { makeValue, type Primitive, type Value } from '../core/value.ts'

/** The refusal of a derivative that has nothing to go on with. */
export function refusal(): GradientError {
  return new GradientError(
    'backward: the derivative comes to the result of a compiled function, of which nothing is kept to differentiate here. ' +
      'Call backward inside the function, or cut the result off with .detach()',
  )
}

/** A primitive that stands for what it does not know: nobody evaluates it. */
export function standIn<P = unknown>(name: string, vjp: Primitive<P>['vjp']): Primitive<P> {
  return {
    name,
    words: name,
    infer: ([x]) => x as Value,
    evaluate: () => {
      throw refusal()
    },
    vjp,
    jvp: null,
    edges: null,
    lower: null,
    batch: null,
    formula: null,
    slopes: null,
    samples: [],
  }
}

const cut = standIn('compiled function', () => {
  throw refusal()
})

/** What decides what happens where a derivative comes to an argument whose history lies outside. */
export interface Boundary {
  reached(): null
}

const outside = standIn('argument of a compiled function', (_ct, _inputs, _output, params) =>
  (params as Boundary).reached(),
)

/** Stands for everything that the value depends on. */
let origin: Value | null = null

function recordCut(value: Value, primitive: Primitive, params: unknown): void {
  if (origin === null) {
    origin = makeValue([], 'float32', new Float32Array(1))
    origin.track = 1
  }
  record(value, primitive, [origin], params, 1)
}

/** Makes `value` a result whose history is lost. */
export function cutOff(value: Value): void {
  recordCut(value, cut, null)
}

export function isCutOff(value: Value): boolean {
  return value.node?.primitive === cut
}

/** Makes `value`, an argument as a traced function sees it, one whose history lies outside. */
export function fromOutside(value: Value, boundary: Boundary): void {
  recordCut(value, outside, boundary)
}
