// A lesson in a temporary folder, for tests to spoil.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'

export const frontMatter = `---
title: Linear Algebra for ML
summary: A short one.
section: Math & Statistics
topic: Linear Algebra for ML
difficulty: Easy
badgeTopic: Mathematics
minutes: 1
givens: [6]
cells:
  - { id: product, source: cells/product.ts }
---
`

const good: Readonly<Record<string, string>> = {
  'lesson.md': `${frontMatter}
Seven times six is :value[:out[product:prediction]].

## A heading {#first}

:::predict{#guess for=product}
What is it?

- [x] more than forty — Because six sevens are.
- [ ] less — No.
:::

::cell{#product}

$$
\\value{\\text{prediction}} = \\out{product:prediction}
$$
`,
  'cells/product.ts': "const prediction = 7 * 6\nconsole.log('prediction ', prediction)\n",
  'outputs/product.txt': 'prediction  42\n',
}

/** The folder of a good lesson, with `files` in place of its own. */
export function lessonWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'lesson-')), 'linear-algebra-for-ml')
  afterAll(() => rmSync(dirname(folder), { recursive: true, force: true }))
  for (const [name, text] of Object.entries({ ...good, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** The good lesson's text with something else after its front matter. */
export const withBody = (body: string): Readonly<Record<string, string>> => ({
  'lesson.md': `${frontMatter}\n${body}\n\n::cell{#product}\n`,
})
