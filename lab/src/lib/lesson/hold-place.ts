// Parts of a lesson take their real height when they come near, also those above the place that a link points at. Until
// the page has settled, or the reader moves, that place is held where it belongs. Who comes back, or loads the page again,
// is taken by the browser to where they were, which need not be where the address points.

const settled = 2500
const moves = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const

/** Holds what the address points at, now and after each link into the page. */
export function holdPlace(lesson: HTMLElement): void {
  let letGo = () => {}
  let returned = false

  function hold(): void {
    letGo()
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (!target || !lesson.contains(target)) return
    const place = () => target.scrollIntoView({ block: 'start', behavior: 'instant' })
    const observer = new ResizeObserver(place)
    for (const part of lesson.querySelectorAll('.part')) observer.observe(part)
    const timer = setTimeout(() => letGo(), settled)
    letGo = () => {
      observer.disconnect()
      clearTimeout(timer)
      for (const move of moves) removeEventListener(move, letGo)
    }
    for (const move of moves) addEventListener(move, letGo, { passive: true })
  }

  const [arrival] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  if (location.hash !== '' && (arrival?.type ?? 'navigate') === 'navigate') hold()
  // A link to the place where one is already changes no hash.
  lesson.addEventListener('click', event => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null
    if (link) requestAnimationFrame(hold)
  })
  // Not every browser tells; where none does, each new place is held.
  globalThis.navigation?.addEventListener('navigate', ({ navigationType }) => {
    returned = navigationType === 'traverse'
  })
  addEventListener('hashchange', () => (returned ? letGo() : hold()))
}
