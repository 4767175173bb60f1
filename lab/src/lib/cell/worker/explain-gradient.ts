// The chain-rule trace of one element of a tensor's `.grad`: one for each backward pass that added to it.
import type { Tensor } from 'chainrule'
import type { Getters } from '../run/capture.ts'
import type { WorkerMessage } from '../run/protocol.ts'
import type { Engine } from './modules.ts'
import { asItWas, type Passes } from './passes.ts'

export function explainGradient(
  engine: Engine | null,
  passes: Passes | null,
  getters: Getters,
  name: string,
  index: readonly number[],
): WorkerMessage {
  const leaf = getters[name]?.()
  if (engine === null || passes === null || !(leaf instanceof engine.chainrule.Tensor)) {
    return { type: 'unexplained', message: `${name} is not a tensor any more.` }
  }
  const { explain } = engine['chainrule/explain']
  const history = passes.of(leaf)
  if (history.passes.length === 0) {
    return { type: 'unexplained', message: `No backward pass has reached ${name}.` }
  }
  nameTensors(engine, getters)
  const traced = history.passes.map(pass =>
    asItWas(pass, root => {
      const why = explain(root, leaf, { index })
      return { text: why.toString(), svg: why.toSVG() }
    }),
  )
  return { type: 'explained', passes: traced, earlier: history.earlier }
}

/** Calls tensors in the trace what the program calls them. */
function nameTensors(engine: Engine, getters: Getters): void {
  const { named } = engine['chainrule/explain']
  for (const [name, get] of Object.entries(getters)) {
    const value = heldBy(get)
    if (value instanceof engine.chainrule.Tensor) named({ [name]: value as Tensor })
  }
}

function heldBy(get: () => unknown): unknown {
  try {
    return get()
  } catch {
    return undefined
  }
}
