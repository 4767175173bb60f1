import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileArticles, compilePage } from '../../pipeline/pages.ts'
import { outline } from '../../src/lib/curriculum/outline.ts'
import { readTracks } from '../../src/lib/tracks/tracks.ts'

const curriculum = outline([
  { slug: 'gradients-and-backprop', section: 'Math & Statistics', topic: 'Gradients and Backprop' },
])

describe('the tracks', () => {
  const source = readFileSync(new URL('../../content/tracks.yaml', import.meta.url), 'utf8')

  test('name topics that the curriculum has, and begin with what is written', () => {
    const tracks = readTracks(source, curriculum)
    expect(tracks.length).toBeGreaterThanOrEqual(2)
    for (const { steps } of tracks) {
      expect(steps[0]!.topic.address).toBe('/learn/math-and-statistics/gradients-and-backprop/')
      expect(new Set(steps.map(s => s.topic.step)).size).toBe(steps.length)
      for (const { reason } of steps) expect(reason.length).toBeGreaterThan(20)
    }
  })

  test('say what is wrong with them', () => {
    expect(() => readTracks('- { id: A }', curriculum)).toThrow(/content\/tracks\.yaml: 0\./)
    const unknown = source.replace('topic: Gradients and Backprop', 'topic: Gradients')
    expect(() => readTracks(unknown, curriculum)).toThrow('no topic "Math & Statistics / Gradients"')
  })
})

describe('written pages', () => {
  test('need a title and a summary, and say which is missing', async () => {
    await expect(compilePage('x', '---\ntitle: X\n---\n\nWords.')).rejects.toThrow(
      'x.md: front matter, summary',
    )
    await expect(compilePage('x', 'Words.')).rejects.toThrow('front matter')
  })

  test('keep markup from Markdown and give headings addresses', async () => {
    const page = await compilePage(
      'x',
      '---\ntitle: X\nsummary: Y\n---\n\n## One & two\n\nA `b`.\n\n```js\nlet a = 1\n```\n',
    )
    expect(page.html).toContain('<h2 id="one-and-two">')
    expect(page.html).toContain('class="shiki')
    expect(page.text).toContain('let a = 1')
  })

  test('are dated where they are articles, the newest first', async () => {
    const articles = await compileArticles()
    expect(articles.length).toBeGreaterThanOrEqual(1)
    const dates = articles.map(a => a.date!)
    expect(dates).toEqual([...dates].sort().reverse())
    for (const { html } of articles) expect(html).not.toContain('href="/lessons/')
  })
})
