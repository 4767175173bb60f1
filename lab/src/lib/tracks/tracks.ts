// Tracks: ordered paths through the lessons, each step with its reason. Written in content/tracks.yaml.
import * as v from 'valibot'
import { parse } from 'yaml'
import { type Outline, type Topic, topicNamed } from '../curriculum/outline.ts'

const text = v.pipe(v.string(), v.nonEmpty())
const schema = v.pipe(
  v.array(
    v.strictObject({
      id: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
      title: text,
      summary: text,
      for: text,
      lessons: v.pipe(v.array(v.strictObject({ section: text, topic: text, reason: text })), v.minLength(2)),
    }),
  ),
  v.check(tracks => new Set(tracks.map(t => t.id)).size === tracks.length, 'two tracks have one id'),
)

export interface Track {
  readonly id: string
  readonly title: string
  readonly summary: string
  /** Whom it is for. */
  readonly audience: string
  readonly steps: readonly { readonly topic: Topic; readonly reason: string }[]
}

/** The tracks in `source`, with their topics found. @throws Error naming what does not fit. */
export function readTracks(source: string, curriculum: Outline): Track[] {
  const result = v.safeParse(schema, parse(source))
  if (!result.success) {
    const [issue] = result.issues
    throw new Error(`content/tracks.yaml: ${v.getDotPath(issue) ?? 'as a whole'}: ${issue.message}`)
  }
  return result.output.map(({ for: audience, lessons, ...track }) => ({
    ...track,
    audience,
    steps: lessons.map(({ section, topic, reason }) => ({
      topic: topicNamed(curriculum, section, topic),
      reason,
    })),
  }))
}
