// Pop-ups of terms and citations. They open and close without this (they are native popovers: a press, Escape); here they
// also open on hover and on keyboard focus, stand beside their word, and stay while the pointer is on them.

const openAfter = 180
const closeAfter = 250

export function servePopups(root: HTMLElement): void {
  let waiting: ReturnType<typeof setTimeout> | undefined
  let leaving: ReturnType<typeof setTimeout> | undefined
  let shown: { popup: HTMLElement; opener: HTMLElement } | null = null

  const openerAt = (target: EventTarget | null): HTMLElement | null =>
    target instanceof Element ? target.closest<HTMLElement>('.term, .cite') : null
  const popupOf = (opener: HTMLElement): HTMLElement | null =>
    document.getElementById(opener.getAttribute('popovertarget') ?? '')

  function show(opener: HTMLElement): void {
    clearTimeout(leaving)
    const popup = popupOf(opener)
    if (!popup || (shown?.opener === opener && popup.matches(':popover-open'))) return
    if (popup.matches(':popover-open')) popup.hidePopover()
    popup.showPopover()
    place(popup, opener)
    shown = { popup, opener }
  }

  function leave(): void {
    clearTimeout(waiting)
    clearTimeout(leaving)
    leaving = setTimeout(() => {
      const { popup, opener } = shown ?? {}
      if (popup?.contains(document.activeElement) || opener === document.activeElement) return
      popup?.hidePopover()
      shown = null
    }, closeAfter)
  }

  root.addEventListener('pointerover', event => {
    if (event.pointerType !== 'mouse') return
    const opener = openerAt(event.target)
    if (opener) {
      clearTimeout(waiting)
      waiting = setTimeout(() => show(opener), openAfter)
    } else if (event.target instanceof Element && event.target.closest('.popup')) clearTimeout(leaving)
    else if (shown) leave()
    else clearTimeout(waiting)
  })
  root.addEventListener('pointerleave', leave)
  root.addEventListener('focusin', event => {
    const opener = openerAt(event.target)
    if (opener?.matches(':focus-visible')) show(opener)
  })
  root.addEventListener('focusout', event => {
    const to = event.relatedTarget as Node | null
    if (shown && !shown.popup.contains(to) && to !== shown.opener) {
      shown.popup.hidePopover()
      shown = null
    }
  })
  // A press on a word whose pop-up hover or focus has opened keeps it open; the native toggle would close it.
  root.addEventListener('click', event => {
    const opener = openerAt(event.target)
    if (!opener) return
    event.preventDefault()
    show(opener)
  })
  addEventListener('scroll', () => shown && place(shown.popup, shown.opener), { passive: true })
}

/** Below the word, or above it where there is no room; inside the window. */
function place(popup: HTMLElement, opener: HTMLElement): void {
  popup.dataset.placed = ''
  // The first of the word's boxes: a word may break over two lines.
  const word = opener.getClientRects()[0] ?? opener.getBoundingClientRect()
  const { width, height } = popup.getBoundingClientRect()
  const gap = 8
  const left = Math.min(Math.max(gap, word.left), innerWidth - width - gap)
  const below = word.bottom + gap
  const top =
    below + height > innerHeight - gap && word.top - gap - height > 0 ? word.top - gap - height : below
  popup.style.left = `${left}px`
  popup.style.top = `${top}px`
}
