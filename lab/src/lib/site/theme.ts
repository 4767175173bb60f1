// Light or dark: as the system says, until the reader chooses. The choice is applied before the first paint by the script
// in app.html.
const key = 'chainrule:theme'

export function toggleTheme(root: HTMLElement = document.documentElement): void {
  const dark = root.dataset.theme
    ? root.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches
  const theme = dark ? 'light' : 'dark'
  root.dataset.theme = theme
  try {
    localStorage.setItem(key, theme)
  } catch {
    // Storage is forbidden: the choice holds for this page.
  }
}

/** Serves every element with `data-theme-toggle`, and follows a choice made in another tab. */
export function serveTheme(): void {
  document.addEventListener('click', event => {
    if ((event.target as Element | null)?.closest('[data-theme-toggle]')) toggleTheme()
  })
  addEventListener('storage', event => {
    if (event.key !== key) return
    if (event.newValue === 'light' || event.newValue === 'dark')
      document.documentElement.dataset.theme = event.newValue
    else delete document.documentElement.dataset.theme
  })
}
