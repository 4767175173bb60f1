import { describe, expect, test } from 'vitest'
import { compileLesson } from '$pipeline/compile-lesson.ts'
import { Faults } from '$pipeline/fault.ts'
import { fillIslands } from '$pipeline/lesson.ts'
import { lessonWith, withBody } from './lesson-folder.ts'

async function compiled(files: Readonly<Record<string, string>> = {}) {
  const faults = new Faults()
  const result = await compileLesson(lessonWith(files), faults)
  if (!result) throw new Error(faults.list.map(fault => fault.message).join('\n'))
  return { ...result.compiled, faults: faults.list.map(fault => fault.message) }
}

describe('a good lesson', () => {
  test('has what its cell printed in prose and in formulas', async () => {
    const { html, faults } = await compiled()
    expect(faults).toEqual([])
    expect(html).toContain('<span class="q q-value"><span class="glyph" aria-hidden="true">●</span>42</span>')
    expect(html).toMatch(/class="enclosing q-value".*42/s)
    expect(html).toContain('<math')
  })

  test('keeps a full stop with the formula before it', async () => {
    const { html } = await compiled(withBody('The vector is $x$. It is $x^2$ long, or $y$ (not more).'))
    expect(html.match(/<span class="unbroken"><span class="katex">/g)).toHaveLength(1)
    expect(html).toMatch(/<span class="unbroken"><span class="katex">.*?<\/span>\.<\/span> It is/s)
  })

  test('has its islands in their places, in order', async () => {
    const { html, islands } = await compiled()
    expect(islands.map(island => island.name)).toEqual(['predict', 'cell'])
    expect(fillIslands(html, n => `[${n}]`)).toMatch(/\[0\].*\[1\]/s)
  })

  test('gives the cell its output, its names and the prediction that opens it; its code only to the server', async () => {
    const { islands } = await compiled()
    const cell = islands[1]!
    expect(cell.props).toMatchObject({
      id: 'product',
      file: 'product.ts',
      waitsFor: 'predict-guess',
      html: '',
    })
    expect(cell.props.output).toEqual([{ text: 'prediction  42', tone: 'log' }])
    expect(cell.serverProps?.html).toContain('data-name="prediction"')
    expect(JSON.stringify(cell.props)).not.toContain('7 * 6')
  })

  test('cuts an option at its dash', async () => {
    const { islands } = await compiled()
    expect(islands[0]!.props.options).toEqual([
      { html: 'more than forty', right: true, whyHtml: 'Because six sevens are.' },
      { html: 'less', right: false, whyHtml: 'No.' },
    ])
  })

  test('lists its headings', async () => {
    const { toc, html } = await compiled()
    expect(toc).toEqual([{ id: 'first', title: 'A heading' }])
    expect(html).toContain('<h2 id="first">A heading</h2>')
  })
})

describe('text is text', () => {
  test('a colon that is no directive stays', async () => {
    const { html, faults } = await compiled(withBody('At 10:30, see:this.'))
    expect(faults).toEqual([])
    expect(html).toContain('At 10:30, see:this.')
  })

  test('markup in prose is shown, not run', async () => {
    const { html } = await compiled(withBody('`<script>alert(1)</script>` and &lt;b&gt;'))
    expect(html).toContain('&#x3C;script>')
    expect(html).not.toContain('<script>')
  })
})

describe('what cannot be compiled is said with its line', () => {
  test.each([
    ['A :out[product:slope].', /no line of what "product" prints begins with "slope"/],
    ['A :term[word]{id=unheard-of}.', /glossary.yaml has no entry "unheard-of"/],
    ['Claimed :cite[nobody1900].', /references.yaml has no entry "nobody1900"/],
    ['::figure{#drawing}', /needs a caption/],
    ['::celll{#product}', /there is no directive ::celll/],
    ['::cell{#another}', /the front matter lists no cell "another"/],
    ['## No id', /the heading "No id" needs an id/],
    ['$\\frac{1}$', /a formula does not read/],
    [
      ':::predict{#q}\nWhich?\n\n- [ ] a — x\n- [ ] b — y\n:::',
      /one right option, marked - \[x\]; this has 0/,
    ],
    [':::predict{#q}\nWhich?\n\n- [x] a\n- [ ] b — y\n:::', /an option needs its reason/],
    ['::practice{#p9}', /practice.yaml has no problem "p9"/],
    ['::pitfall{#none}', /pitfalls.yaml has no entry "none"/],
  ])('%s', async (body, message) => {
    const faults = new Faults()
    await compileLesson(lessonWith(withBody(body)), faults)
    const fault = faults.list.find(({ message: text }) => message.test(text))
    expect(fault, faults.list.map(({ message: text }) => text).join('\n')).toBeDefined()
    expect(fault!.line).toBeGreaterThan(12)
  })

  test('a cell that throws', async () => {
    const { faults } = await compiled({ 'cells/product.ts': "throw new Error('no')\n" })
    expect(faults).toContainEqual(expect.stringMatching(/cell "product" does not run, line 1: Error: no/))
  })

  test('a cell that prints something else than was recorded', async () => {
    const { faults } = await compiled({ 'outputs/product.txt': 'prediction  41\n' })
    expect(faults).toContainEqual(expect.stringMatching(/prints something else now.*41.*42/s))
  })

  test('front matter with a key that does not belong, and one that is missing', async () => {
    const faults = new Faults()
    const lesson = '---\ntitle: X\nsumary: typo\n---\n'
    expect(await compileLesson(lessonWith({ 'lesson.md': lesson }), faults)).toBeNull()
    const said = faults.list.map(({ message }) => message)
    expect(said).toContainEqual(expect.stringMatching(/^sumary: is not a key that belongs here/))
    expect(said).toContainEqual(expect.stringMatching(/^summary: is missing/))
  })
})
