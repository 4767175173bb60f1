// What compiling a lesson gives: plain data, so that it can be a module of the site.

/** An island's place in the lesson's HTML: `<lab-island n="3"></lab-island>` stands for the third of `islands`. */
export interface IslandCall {
  readonly name: string
  readonly props: Record<string, unknown>
  /** What must not ship twice: given on the server only, over `props`. */
  readonly serverProps?: Record<string, unknown>
  /** Stands there while the component does not exist. */
  readonly fallback: string
}

export interface TocEntry {
  readonly id: string
  /** HTML. */
  readonly title: string
}

export interface Popup {
  readonly id: string
  /** HTML. */
  readonly body: string
  readonly label: string
}

export interface CompiledReference {
  readonly id: string
  readonly number: number
  /** HTML. */
  readonly html: string
}

export interface CompiledLesson {
  readonly slug: string
  readonly title: string
  readonly summary: string
  readonly section: string
  readonly topic: string
  readonly difficulty: string
  readonly badgeTopic: string
  readonly minutes: number
  readonly nextTeaser: string
  readonly words: number
  readonly html: string
  readonly islands: readonly IslandCall[]
  readonly toc: readonly TocEntry[]
  readonly references: readonly CompiledReference[]
  readonly popups: readonly Popup[]
}

export function placeOfIsland(n: number): string {
  return `<lab-island n="${n}"></lab-island>`
}

/** The lesson's HTML with every island in its place. */
export function fillIslands(html: string, render: (n: number) => string): string {
  return html.replace(/<lab-island n="(\d+)"><\/lab-island>/g, (_, n: string) => render(Number(n)))
}
