// The lessons there are: every folder of lab/lessons that holds a lesson.md.
import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'

export const lessonsFolder = new URL('../lessons/', import.meta.url).pathname

/** Their folders, by name. */
export function lessonFolders(): string[] {
  return readdirSync(lessonsFolder)
    .map(name => join(lessonsFolder, name))
    .filter(folder => existsSync(join(folder, 'lesson.md')))
    .sort()
}

/** The front matter as it stands, unchecked: for lists of lessons. */
export async function frontMatter(folder: string): Promise<Record<string, unknown>> {
  const source = await readFile(join(folder, 'lesson.md'), 'utf8')
  return parse(/^---\n([\s\S]*?)\n---/.exec(source)?.[1] ?? '') ?? {}
}
