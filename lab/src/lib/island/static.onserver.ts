// Components that never move: rendered when the site is built, no script for them.
import type { Component } from 'svelte'
import { render } from 'svelte/server'
import type { IslandHtml } from './render.onserver.ts'

export function renderStatic<Props extends Record<string, unknown>>(
  component: Component<Props>,
  props: Props,
): IslandHtml {
  const { body, head } = render(component as Component<Record<string, unknown>>, { props })
  // Comments mark where hydration would begin; nothing here is hydrated.
  return { body: body.replace(/<!--[\s\S]*?-->/g, ''), head: head.replace(/<!--[\s\S]*?-->/g, '') }
}

/** Style elements that stand more than once stand once: components share parts. */
export function oneOfEachStyle(head: string): string {
  const seen = new Set<string>()
  return head.replace(/<style id="([^"]+)">[\s\S]*?<\/style>/g, (style, id: string) => {
    if (seen.has(id)) return ''
    seen.add(id)
    return style
  })
}
