// The one script that every page loads. It wakes what moves, when it is near; all else is in the page already.
import { startIslands } from '$lib/island/start.ts'
import { serveTheme } from '$lib/site/theme.ts'

serveTheme()
startIslands(document)
if (document.querySelector('.lesson')) {
  void import('$lib/lesson/enhance.ts').then(({ enhanceLesson }) => enhanceLesson())
}
const idle = globalThis.requestIdleCallback ?? ((act: () => void) => setTimeout(act, 200))
idle(() => void import('$lib/site/progress-marks.ts').then(({ markProgress }) => markProgress()))
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  addEventListener('load', () => void navigator.serviceWorker.register('/service-worker.js'))
}
