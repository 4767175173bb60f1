import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkLesson } from '$pipeline/check-lesson.ts'
import { describeFault } from '$pipeline/fault.ts'
import { lessonFolders } from '$pipeline/lessons.ts'
import { lessonWith, withBody } from './lesson-folder.ts'

const said = async (files: Readonly<Record<string, string>>) =>
  (await checkLesson(lessonWith(files))).faults.map(describeFault)

test('a good lesson has no fault', async () => {
  expect(await said({})).toEqual([])
})

describe('a number that a cell prints', () => {
  test.each(['It is 42.', 'It is −42 or 42 s.', 'So $y = 42$.', '| a |\n| --- |\n| 42 |'])(
    'is not typed: %s',
    async body => {
      expect(await said(withBody(body))).toContainEqual(
        expect.stringMatching(/"42" is typed, and the cell "product" prints 42: write :out\[product:label\]/),
      )
    },
  )

  test.each(['`42` in code', 'x42, 4.42, 420 and 42,000', 'a given: 6', '$x_{42}$', 'version 1.42.0'])(
    'is not looked for in: %s',
    async body => {
      expect(await said(withBody(body))).toEqual([])
    },
  )
})

describe('reading', () => {
  test('is interrupted by something to do after 220 words', async () => {
    const faults = await said(withBody('word '.repeat(221)))
    expect(faults).toContainEqual(
      expect.stringMatching(/221 words to read before the next thing to do \(cell product\): at most 220/),
    )
  })

  test('takes the minutes that the front matter promises', async () => {
    const paragraphs = Array.from(
      { length: 5 },
      (_, i) => `${'word '.repeat(200)}\n\n:::details{summary="${i}"}\nx\n:::`,
    )
    const faults = await said(withBody(paragraphs.join('\n\n')))
    expect(faults).toEqual([expect.stringMatching(/minutes: 1, but 1000 words take about 5/)])
  })
})

describe('links and pictures', () => {
  test.each([
    ['[there](#nowhere)', /leads to no heading/],
    ['[there](http://example.org)', /must be https/],
    ['[there](other.md)', /must be https/],
    ['![](picture.png)', /an image needs a text alternative/],
  ])('%s', async (body, message) => {
    expect(await said(withBody(body))).toContainEqual(expect.stringMatching(message))
  })
})

describe('what is listed is used', () => {
  test('a figure without a component', async () => {
    expect(await said(withBody('::figure{#drawing caption="A drawing."}'))).toContainEqual(
      expect.stringMatching(/there is no figures\/drawing.svelte/),
    )
  })

  test('a cell that stands nowhere', async () => {
    const files = { 'lesson.md': withBody('x')['lesson.md']!.replace('::cell{#product}', '') }
    expect(await said(files)).toContainEqual(
      expect.stringMatching(/cell "product" stands nowhere in lesson.md/),
    )
  })

  test('a question that sends to a heading which is not there', async () => {
    const quiz = 'mastery:\n  questions:\n    - { id: q, section: gone }\n'
    expect(await said({ 'quiz.yaml': quiz })).toContainEqual(
      expect.stringMatching(/question "q": lesson.md has no heading with the id "gone"/),
    )
  })

  test('a topic that the curriculum does not have', async () => {
    const lesson = withBody('x')['lesson.md']!.replace(
      'topic: Linear Algebra for ML',
      'topic: Lineare Algebra',
    )
    expect(await said({ 'lesson.md': lesson })).toContainEqual(
      expect.stringMatching(/the curriculum has no topic/),
    )
  })
})

describe('the lessons of the lab', () => {
  test.each(lessonFolders().map(folder => [basename(folder), folder]))(
    '%s has no fault',
    async (_, folder) => {
      const { faults } = await checkLesson(folder)
      expect(faults.map(describeFault)).toEqual([])
    },
  )
})
