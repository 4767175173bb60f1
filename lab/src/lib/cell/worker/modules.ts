// The engine's modules as the script beside the runtime leaves them.
import { isEngineModule, refusalOf } from '../run/engine-modules.ts'

export interface Engine {
  readonly chainrule: typeof import('chainrule')
  readonly 'chainrule/nn': typeof import('chainrule/nn')
  readonly 'chainrule/optim': typeof import('chainrule/optim')
  readonly 'chainrule/explain': typeof import('chainrule/explain')
  readonly 'chainrule/check': typeof import('chainrule/check')
}

/** Takes the engine off the global object; null where this worker came without. */
export function takeEngine(scope: Record<string, unknown>): Engine | null {
  const { __chainrule: engine } = scope
  delete scope.__chainrule
  return engine === undefined ? null : (engine as Engine)
}

/** `require` for programs. Modules are read-only to them, as imports are. */
export function requireFrom(engine: Engine | null): (name: string) => unknown {
  return name => {
    if (engine === null || !isEngineModule(name)) throw new Error(refusalOf(name))
    return engine[name]
  }
}
