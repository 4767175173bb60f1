// What is measured on a page as it stands; each answers a line for every fault. They run in the browser.
import type { Page } from 'playwright-core'

/**
 * Text that is cut off: outside the box of an ancestor that hides what overflows, outside its own button, or beside the
 * window, unless it can be scrolled to. Text for screen readers only is left out.
 */
export const textCutOff = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const slack = 2
    const faults: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const { textContent, parentElement: parent } = walker.currentNode
      if (!textContent?.trim() || !parent?.checkVisibility({ checkVisibilityCSS: true })) continue
      if (parent.closest('.visually-hidden, script, style, title, desc, .katex-mathml, option')) continue
      const range = document.createRange()
      range.selectNodeContents(walker.currentNode)
      const box = range.getBoundingClientRect()
      if (box.width === 0 || box.height === 0) continue
      const fault = cutOff(parent, box)
      if (fault) faults.push(`“${textContent.trim().slice(0, 40)}” ${fault}`)
    }
    return faults

    function cutOff(parent: Element, box: DOMRect): string | null {
      for (let at: Element | null = parent; at && at !== document.body; at = at.parentElement) {
        const style = getComputedStyle(at)
        if (style.position === 'fixed' || style.position === 'sticky') return null
        if (style.overflow === 'visible' && !at.matches('button, .button')) continue
        if (style.display === 'inline' || at instanceof SVGElement) continue
        if (/auto|scroll/.test(style.overflowX + style.overflowY)) return null
        const edge = at.getBoundingClientRect()
        const over = Math.max(
          edge.left - box.left,
          box.right - edge.right,
          edge.top - box.top,
          box.bottom - edge.bottom,
        )
        if (over > slack)
          return `is cut off by ${Math.round(over)} px in <${at.tagName.toLowerCase()} class="${at.className}">`
      }
      const beside = Math.max(-box.left, box.right - document.documentElement.clientWidth)
      return beside > slack ? `stands ${Math.round(beside)} px beside the window` : null
    }
  })

/** Targets of less than 24 px whose circle of 24 px meets another target. Links within a sentence are not meant. */
export const smallTargets = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const least = 24
    const targets = [
      ...document.querySelectorAll(
        'a[href], button, input, select, textarea, summary, [role="slider"], [role="tab"]',
      ),
    ]
      .filter(target => target.checkVisibility({ checkVisibilityCSS: true }))
      .filter(target => !target.closest('.visually-hidden') && !(target as HTMLButtonElement).disabled)
      .map(target => {
        // A label makes the target larger.
        const whole = target instanceof HTMLInputElement ? (target.closest('label') ?? target) : target
        return { target: whole, box: whole.getBoundingClientRect() }
      })
      .filter(({ box }) => box.width > 0 && box.height > 0)
    const isInSentence = (target: Element): boolean => {
      if (!target.matches('a, button') || getComputedStyle(target).display !== 'inline') return false
      const around = target.closest('p, li, td, dd, figcaption, blockquote')?.textContent?.trim() ?? ''
      return around.length > (target.textContent?.trim().length ?? 0) + 3
    }
    return targets
      .filter(({ target, box }) => Math.min(box.width, box.height) < least - 0.5 && !isInSentence(target))
      .filter(({ target, box }) => {
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
        return targets.some(other => {
          if (other.target === target || other.target.contains(target) || target.contains(other.target))
            return false
          const dx = Math.max(other.box.left - x, 0, x - other.box.right)
          const dy = Math.max(other.box.top - y, 0, y - other.box.bottom)
          return Math.hypot(dx, dy) < least / 2
        })
      })
      .map(
        ({ target, box }) =>
          `${Math.round(box.width)} × ${Math.round(box.height)} px: ${target.outerHTML.slice(0, 90)}`,
      )
  })

/** Fields whose edge does not stand out from what is around them by 3 : 1. */
export const fieldsWithoutEdges = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const fields = [
      ...document.querySelectorAll(
        'textarea, select, input:not([type="range"], [type="radio"], [type="checkbox"], [type="file"])',
      ),
    ]
    return fields
      .filter(field => field.checkVisibility() && !(field as HTMLInputElement).disabled)
      .map(field => ({
        field,
        ratio: contrast(getComputedStyle(field).borderTopColor, groundOf(field.parentElement)),
      }))
      .filter(({ ratio }) => ratio < 3)
      .map(({ field, ratio }) => `${ratio.toFixed(2)} : 1 at ${field.outerHTML.slice(0, 90)}`)

    function groundOf(element: Element | null): string {
      const colour = element ? getComputedStyle(element).backgroundColor : 'rgb(255, 255, 255)'
      return element && /, 0\)$|transparent/.test(colour) ? groundOf(element.parentElement) : colour
    }
    function contrast(a: string, b: string): number {
      const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
      return (high + 0.05) / (low + 0.05)
    }
    function luminance(colour: string): number {
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!
      canvas.fillStyle = colour
      canvas.fillRect(0, 0, 1, 1)
      const linear = [...canvas.getImageData(0, 0, 1, 1).data]
        .slice(0, 3)
        .map(byte => byte / 255)
        .map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!
    }
  })
