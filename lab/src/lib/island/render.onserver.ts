// Islands on the server: the component at rest, as HTML, with what the client needs to wake it. The client's build gets
// none of this: see pipeline/on-server.ts.
import type { Component } from 'svelte'
import { render } from 'svelte/server'
import { escapeHtml } from '../../../pipeline/escape.ts'
import { pathOf } from './registry.ts'

const components = import.meta.glob(
  [
    '/src/lib/cell/Cell.svelte',
    '/src/lib/figure/Predict.svelte',
    '/src/lib/mastery/Mastery.svelte',
    '/src/lib/mastery/Probe.svelte',
    '/src/lib/practice/Practice.svelte',
    '/src/lib/practice/Worked.svelte',
    '/src/lib/pitfalls/Pitfall.svelte',
    '/src/lib/progress/LessonProgress.svelte',
    '/src/lib/playground/Playground.svelte',
    '/src/lib/home/HomeFigure.svelte',
    '/src/lib/search/Search.svelte',
    '/src/lib/practice/AskOne.svelte',
    '/src/lib/practice/Filter.svelte',
    '/src/lib/mastery/ReviewQueue.svelte',
    '/src/lib/progress/ProgressTotal.svelte',
    '/src/lib/progress/ProgressControls.svelte',
    '/src/lib/progress/Resume.svelte',
    '/lessons/*/figures/*.svelte',
  ],
  { eager: true },
) as Record<string, { default: Component<Record<string, unknown>> }>

export interface IslandHtml {
  /** The island's element. */
  readonly body: string
  /** What the component puts into the head: its styles. */
  readonly head: string
}

export function hasIsland(name: string): boolean {
  return pathOf(name) in components
}

/**
 * Renders the island `name` at rest. `props` reach the client as JSON; `serverProps` (what must not ship twice, such as
 * highlighted code) do not.
 */
export function renderIsland(
  name: string,
  props: Record<string, unknown> = {},
  serverProps: Record<string, unknown> = {},
): IslandHtml {
  const component = components[pathOf(name)]?.default
  if (!component) throw new Error(`there is no island "${name}": ${pathOf(name)} does not exist`)
  const { body, head } = render(component, { props: { ...props, ...serverProps } })
  const data = Object.keys(props).length === 0 ? '' : ` data-props="${escapeHtml(JSON.stringify(props))}"`
  return { body: `<div class="island" data-island="${name}"${data}>${body}</div>`, head }
}
