// The modules that programs can import, known to the page and to the worker.

/** The modules that every cell can import; they come with the page, not over the network. */
export const engineModules = [
  'chainrule',
  'chainrule/nn',
  'chainrule/optim',
  'chainrule/explain',
  'chainrule/check',
] as const

export type EngineModule = (typeof engineModules)[number]

export function isEngineModule(name: string): name is EngineModule {
  return (engineModules as readonly string[]).includes(name)
}

export function refusalOf(name: string): string {
  return `"${name}" cannot be imported here: a cell has no network. It can import ${engineModules.join(', ')}.`
}
