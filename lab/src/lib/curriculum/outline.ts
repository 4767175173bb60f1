// The curriculum as pages see it: fourteen sections, 158 topics in order, each with its step, its address and, where one is
// written, its lesson. Two sections may hold topics of one name, so an address carries the section.
import listed from '../../../content/curriculum.json' with { type: 'json' }
import { iconOf } from './icons.ts'

/** A lesson that is written: its folder, and the topic it is on. */
export interface Published {
  readonly slug: string
  readonly section: string
  readonly topic: string
}

export interface Topic {
  readonly title: string
  readonly section: string
  readonly slug: string
  /** 1 to 158, over all sections. */
  readonly step: number
  /** The lesson's folder; null for what is planned. */
  readonly lesson: string | null
  /** Where the lesson stands; null for what is planned. */
  readonly address: string | null
}

export interface Section {
  readonly name: string
  readonly slug: string
  /** Path data of the section's icon, drawn on a 24 × 24 grid with a stroke. */
  readonly icon: string
  readonly topics: readonly Topic[]
}

export interface Outline {
  readonly sections: readonly Section[]
  /** All topics in order. */
  readonly topics: readonly Topic[]
}

/** A name as part of an address: lower case, words joined by hyphens. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/@/g, ' at ')
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

/**
 * The outline with the given lessons in their places.
 * @throws Error for a lesson on a topic that the curriculum does not have, or a second one on the same topic.
 */
export function outline(lessons: readonly Published[]): Outline {
  const waiting = new Map<string, Published>()
  for (const lesson of lessons) {
    const key = `${lesson.section} / ${lesson.topic}`
    const other = waiting.get(key)
    if (other !== undefined)
      throw new Error(`lessons/${lesson.slug} and lessons/${other.slug} are both on "${key}"`)
    waiting.set(key, lesson)
  }
  let step = 0
  const sections = listed.map(({ section: name, topics }): Section => {
    const slug = slugOf(name)
    return {
      name,
      slug,
      icon: iconOf(name),
      topics: topics.map((title): Topic => {
        const key = `${name} / ${title}`
        const lesson = waiting.get(key)?.slug ?? null
        waiting.delete(key)
        step++
        const address = lesson === null ? null : `/learn/${slug}/${lesson}/`
        return { title, section: name, slug: slugOf(title), step, lesson, address }
      }),
    }
  })
  for (const [key, { slug }] of waiting)
    throw new Error(
      `lessons/${slug}: the curriculum has no topic "${key}"; see lab/content/curriculum.json for the names`,
    )
  return { sections, topics: sections.flatMap(section => section.topics) }
}

export interface Neighbours {
  readonly previous: Topic | null
  readonly next: Topic | null
}

/** The topics before and after `topic`, across sections. */
export function neighboursOf({ topics }: Outline, topic: Topic): Neighbours {
  return { previous: topics[topic.step - 2] ?? null, next: topics[topic.step] ?? null }
}

/** The topic that the lesson in folder `slug` is on. */
export function topicOf({ topics }: Outline, slug: string): Topic {
  const topic = topics.find(t => t.lesson === slug)
  if (topic === undefined) throw new Error(`the lesson ${slug} is not in the outline`)
  return topic
}

/** The topic of that section and title. */
export function topicNamed({ topics }: Outline, section: string, title: string): Topic {
  const topic = topics.find(t => t.section === section && t.title === title)
  if (topic === undefined) throw new Error(`the curriculum has no topic "${section} / ${title}"`)
  return topic
}
