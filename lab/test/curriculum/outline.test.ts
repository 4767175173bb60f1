import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import listed from '../../content/curriculum.json' with { type: 'json' }
import { neighboursOf, outline, slugOf, topicNamed, topicOf } from '../../src/lib/curriculum/outline.ts'

const lessons = [
  { slug: 'gradients-and-backprop', section: 'Math & Statistics', topic: 'Gradients and Backprop' },
  { slug: 'vectors-matrices-tensors', section: 'Math & Statistics', topic: 'Vectors, Matrices & Tensors' },
]

describe('the curriculum', () => {
  test('has 14 sections of these sizes, and 158 topics', () => {
    const { sections, topics } = outline([])
    expect(sections.map(s => s.topics.length)).toEqual([9, 8, 13, 11, 6, 8, 23, 9, 8, 16, 14, 20, 9, 4])
    expect(topics).toHaveLength(158)
    expect(topics.map(t => t.step)).toEqual(Array.from({ length: 158 }, (_, i) => i + 1))
    expect(new Set(sections.map(s => s.icon)).size).toBe(14)
  })

  test('gives every topic an address of its own, though one title stands in two sections', () => {
    const { topics, sections } = outline([])
    const titles = topics.map(t => t.title)
    expect(new Set(titles).size).toBe(157)
    const keys = sections.flatMap(s => s.topics.map(t => `${s.slug}/${t.slug}`))
    expect(new Set(keys).size).toBe(158)
    for (const key of keys) expect(key).toMatch(/^[a-z0-9-]+\/[a-z0-9-]+$/)
  })

  test('puts the first lesson on step 10, after what closes the section before', () => {
    const o = outline(lessons)
    const topic = topicOf(o, 'gradients-and-backprop')
    expect(topic.step).toBe(10)
    expect(topic.address).toBe('/learn/math-and-statistics/gradients-and-backprop/')
    const { previous, next } = neighboursOf(o, topic)
    expect(previous).toMatchObject({ title: 'Algorithms for ML Engineers', lesson: null, address: null })
    expect(next).toMatchObject({ title: 'Vectors, Matrices & Tensors', lesson: 'vectors-matrices-tensors' })
    expect(neighboursOf(o, o.topics[0]!).previous).toBe(null)
    expect(neighboursOf(o, o.topics[157]!).next).toBe(null)
  })

  test('refuses a lesson on a topic it does not have, and a second one on a topic', () => {
    expect(() => outline([{ slug: 'x', section: 'Math & Statistics', topic: 'Calculus' }])).toThrow(
      'lessons/x: the curriculum has no topic "Math & Statistics / Calculus"',
    )
    expect(() => outline([...lessons, { ...lessons[0]!, slug: 'again' }])).toThrow('are both on')
    expect(() => topicNamed(outline([]), 'Math & Statistics', 'Nothing')).toThrow('no topic')
    expect(() => topicOf(outline([]), 'gradients-and-backprop')).toThrow('not in the outline')
  })

  test('makes addresses of names', () => {
    expect(slugOf('Hypothesis Tests, Intervals, and pass@k')).toBe('hypothesis-tests-intervals-and-pass-at-k')
    expect(slugOf('CoT, ToT & Self-Consistency Prompting')).toBe('cot-tot-and-self-consistency-prompting')
  })

  const original = fileURLToPath(new URL('../../../../shared/lesson/curriculum.json', import.meta.url))
  test.skipIf(!existsSync(original))(
    'is the list it was copied from (skipped where that is not at hand)',
    () => {
      expect(listed).toEqual(JSON.parse(readFileSync(original, 'utf8')))
    },
  )
})
