declare module 'virtual:lab/lessons' {
  import type { CompiledLesson } from '../../pipeline/lesson.ts'
  /** Only in modules named *.onserver.ts. */
  export const lessons: readonly CompiledLesson[]
}

declare module 'virtual:lab/published' {
  export interface PublishedLesson {
    readonly slug: string
    readonly title: string
    readonly summary: string
    readonly section: string
    readonly topic: string
    readonly minutes: number
    readonly difficulty: string
  }
  export const published: readonly PublishedLesson[]
}

declare module 'virtual:lab/page-script' {
  /** The address of the script that every page loads. Only in modules named *.onserver.ts. */
  export function pageScript(): string
}

declare module 'virtual:lab/pages' {
  import type { WrittenPage } from '../../pipeline/pages.ts'
  /** Only in modules named *.onserver.ts. */
  export const written: readonly WrittenPage[]
  export const articles: readonly WrittenPage[]
}

declare module 'virtual:lab/page-list' {
  import type { PageEntry } from '../../pipeline/pages.ts'
  export const written: readonly PageEntry[]
  export const articles: readonly PageEntry[]
}
