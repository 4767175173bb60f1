// What a lesson's page gains with JavaScript, outside its islands.
import { holdPlace } from './hold-place.ts'
import { servePopups } from './popups.ts'

export function enhanceLesson(): void {
  const lesson = document.querySelector<HTMLElement>('.lesson')
  if (!lesson) return
  servePopups(lesson)
  holdPlace(lesson)
  serveCopyLink(lesson)
  shareFromHere(lesson)
  markReading(lesson)
  freeUnscrollable(lesson)
  void rememberPlace(lesson)
  openContents(lesson)
}

/** A site that was not told where it will stand finds out here: links to share lead to where the page is. */
function shareFromHere(lesson: HTMLElement): void {
  const here = encodeURIComponent(location.origin + location.pathname)
  for (const list of lesson.querySelectorAll<HTMLElement>('[data-share]')) {
    const built = list.dataset.share ?? ''
    if (new URL(built, location.href).hostname !== 'localhost') continue
    for (const link of list.querySelectorAll('a')) {
      link.href = link.href.replaceAll(encodeURIComponent(built), here)
    }
  }
}

function serveCopyLink(lesson: HTMLElement): void {
  lesson.addEventListener('click', async event => {
    const button = (event.target as Element).closest<HTMLElement>('[data-copy-link]')
    const label = button?.querySelector('[data-copy-label]')
    if (!button || !label) return
    try {
      await navigator.clipboard.writeText(location.href.replace(/#.*/, ''))
      label.textContent = 'Copied'
    } catch {
      label.textContent = 'Copying is not allowed here'
    }
    label.setAttribute('role', 'status')
    setTimeout(() => {
      label.textContent = 'Copy link'
    }, 2000)
  })
}

/** Where there is room, the contents count as open for everyone. */
function openContents(lesson: HTMLElement): void {
  const contents = lesson.querySelector<HTMLDetailsElement>('.contents')
  if (contents && matchMedia('(min-width: 66rem)').matches) contents.open = true
}

/** Marks the section being read in the table of contents. */
function markReading(lesson: HTMLElement): void {
  const links = new Map(
    [...lesson.querySelectorAll<HTMLAnchorElement>('.contents a')].map(link => [link.hash.slice(1), link]),
  )
  const inView = new Set<string>()
  let current: HTMLAnchorElement | undefined
  const observer = new IntersectionObserver(
    entries => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) inView.add(target.id)
        else inView.delete(target.id)
      }
      const next = links.get([...links.keys()].find(id => inView.has(id)) ?? '')
      if (!next || next === current) return
      current?.removeAttribute('aria-current')
      next.setAttribute('aria-current', 'location')
      current = next
    },
    { rootMargin: '-10% 0px -60% 0px' },
  )
  for (const id of links.keys()) {
    const heading = document.getElementById(id)
    if (heading) observer.observe(heading)
  }
}

/** The site offers to go on where reading stopped. The prose alone counts: figures and references have headings, too. */
async function rememberPlace(lesson: HTMLElement): Promise<void> {
  const { followReading } = await import('../progress/place.ts')
  const title = lesson.querySelector('h1')?.textContent ?? ''
  followReading(lesson.dataset.lesson ?? '', title, lesson)
}

/**
 * Wide things can be scrolled by keyboard; those that fit need no stop on the way. Each is looked at when it comes near:
 * to ask for the width of what is far away would have the browser lay it out.
 */
function freeUnscrollable(lesson: HTMLElement): void {
  const near = new Set<Element>()
  const look = (element: Element) => {
    if (element.scrollWidth > element.clientWidth) element.setAttribute('tabindex', '0')
    else element.removeAttribute('tabindex')
  }
  const lookAgain = () => near.forEach(look)
  const observer = new IntersectionObserver(
    entries => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) near.delete(target)
        else if (near.add(target)) look(target)
      }
    },
    { rootMargin: '50% 0px' },
  )
  for (const wide of lesson.querySelectorAll('.equation, .table, .prose .code')) observer.observe(wide)
  // Formulas change their width when their fonts arrive.
  document.fonts.addEventListener('loadingdone', lookAgain)
  addEventListener('resize', lookAgain, { passive: true })
}
