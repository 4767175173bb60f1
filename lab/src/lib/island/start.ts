// Wakes islands: each when it comes near the viewport, or at once when it is focused or pressed. A press that came before
// the island was awake is given to it afterwards.
import { hydrate } from 'svelte'
import { loaderOf } from './registry.ts'

const nearby = '700px 0px'

/** Takes charge of every island under `root`; the returned function lets go of those still asleep. */
export function startIslands(root: ParentNode): () => void {
  const asleep = new Set(root.querySelectorAll<HTMLElement>('[data-island]'))
  const observer = new IntersectionObserver(
    entries => {
      for (const entry of entries) if (entry.isIntersecting) wake(entry.target as HTMLElement)
    },
    { rootMargin: nearby },
  )

  function wake(island: HTMLElement, pressed?: Element): void {
    if (!asleep.delete(island)) return
    observer.unobserve(island)
    void awaken(island).then(() => {
      if (pressed?.isConnected && pressed instanceof HTMLElement) pressed.click()
    })
  }

  function hurry(event: Event): void {
    const target = event.target as Element | null
    const island = target?.closest<HTMLElement>('[data-island]')
    if (!target || !island || !asleep.has(island)) return
    // Native controls keep what the reader did to them; only a button's press would be lost.
    wake(island, event.type === 'click' ? (target.closest('button') ?? undefined) : undefined)
  }

  const hurrying = ['focusin', 'click', 'pointerover'] as const
  for (const type of hurrying) document.addEventListener(type, hurry, { capture: true, passive: true })
  for (const island of asleep) observer.observe(island)
  return () => {
    observer.disconnect()
    for (const type of hurrying) document.removeEventListener(type, hurry, { capture: true })
  }
}

async function awaken(island: HTMLElement): Promise<void> {
  const load = loaderOf(island.dataset.island ?? '')
  if (!load) return
  const { default: component } = await load()
  hydrate(component, { target: island, props: JSON.parse(island.dataset.props ?? '{}') })
  island.dataset.awake = ''
}
