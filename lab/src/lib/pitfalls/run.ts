// The demonstrations by pitfall. Each is loaded, and the engine with it, when its button is pressed.
import type { Demonstration } from './demonstration.ts'

const demonstrations: Readonly<Record<string, () => Promise<{ run(): Demonstration }>>> = {
  uphill: () => import('./demos/uphill.ts'),
  'missing-factor': () => import('./demos/missing-factor.ts'),
  'too-large-step': () => import('./demos/too-large-step.ts'),
  'opaque-autograd': () => import('./demos/opaque-autograd.ts'),
  'stale-gradient': () => import('./demos/stale-gradient.ts'),
}

export async function reproduce(pitfall: string): Promise<Demonstration> {
  const load = demonstrations[pitfall]
  if (load === undefined) throw new Error(`no demonstration of the pitfall "${pitfall}"`)
  return (await load()).run()
}
