// The engine's views of all lessons: small, and without the engine.
import type { EngineView } from './engine-view.ts'

const views = import.meta.glob<EngineView>('/lessons/*/engine-views/*.ts', { eager: true, import: 'view' })

export function engineViewOf(lesson: string, cell: string): EngineView | null {
  return views[`/lessons/${lesson}/engine-views/${cell}.ts`] ?? null
}
