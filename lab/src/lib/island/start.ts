// Wakes islands: each when it comes near the viewport, or at once when it is focused or pressed. A press that came before
// the island was awake is given to it afterwards.
import { loaderOf } from './registry.ts'

declare global {
  /** Buttons pressed before islands are taken charge of, null among them for other presses: app.html puts them there. */
  var pressedEarly: Set<Element | null | undefined> | undefined
}

const nearby = '400px 0px'

/** Takes charge of every island under `root`; the returned function lets go of those still asleep. */
export function startIslands(root: ParentNode): () => void {
  const asleep = new Set(root.querySelectorAll<HTMLElement>('[data-island]'))
  /** Islands being woken, with the button that was pressed meanwhile. */
  const waking = new Map<HTMLElement, HTMLElement | null>()
  const observer = new IntersectionObserver(
    entries => {
      for (const entry of entries) if (entry.isIntersecting) whenIdle(() => wake(entry.target as HTMLElement))
    },
    { rootMargin: nearby },
  )

  async function wake(island: HTMLElement): Promise<void> {
    if (!asleep.delete(island)) return
    observer.unobserve(island)
    waking.set(island, null)
    await awaken(island)
    const pressed = waking.get(island)
    waking.delete(island)
    if (pressed?.isConnected) pressed.click()
  }

  function hurry({ target, type }: Event): void {
    // Native controls keep what the reader did to them; only the press of a button would be lost.
    if (target instanceof Element) wakeFor(target, type === 'click' ? target.closest('button') : null)
  }

  function wakeFor(target: Element, pressed: HTMLElement | null): void {
    const island = target.closest<HTMLElement>('[data-island]')
    if (!island) return
    void wake(island)
    if (pressed && waking.has(island)) waking.set(island, pressed)
  }

  const hurrying = ['focusin', 'pointerover', 'click'] as const
  for (const type of hurrying) document.addEventListener(type, hurry, { capture: true })
  for (const island of asleep) observer.observe(island)
  for (const button of globalThis.pressedEarly ?? []) {
    if (button instanceof HTMLElement) wakeFor(button, button)
  }
  globalThis.pressedEarly = undefined
  return () => {
    observer.disconnect()
    for (const type of hurrying) document.removeEventListener(type, hurry, { capture: true })
  }
}

/** Islands that only came near can wait for a pause, each for one of its own: nothing that the reader does is held up. */
function whenIdle(act: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(act, { timeout: 1500 })
  else setTimeout(act, 50)
}

async function awaken(island: HTMLElement): Promise<void> {
  const load = loaderOf(island.dataset.island ?? '')
  if (!load) return
  const [{ hydrate }, { default: component }] = await Promise.all([import('svelte'), load()])
  // What the scripts needed to start is one piece of work, what the island needs another: between them the page answers.
  await new Promise(done => setTimeout(done))
  hydrate(component, { target: island, props: JSON.parse(island.dataset.props ?? '{}') })
  island.dataset.awake = ''
}
