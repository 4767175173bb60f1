import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { marksOf, transpile } from '../../src/lib/cell/run/transpile.ts'

function scriptOf(source: string): string {
  const transpiled = transpile(source)
  if ('error' in transpiled) throw new Error(transpiled.error.message)
  return transpiled.program.script
}

function errorOf(source: string) {
  const transpiled = transpile(source)
  return 'error' in transpiled ? transpiled.error : null
}

describe('transpiling a cell', () => {
  const folder = new URL('../../../examples/lesson/', import.meta.url)
  const programs = readdirSync(folder).filter(name => /^\d\d-.*\.ts$/.test(name))

  it.each(programs)('keeps every line of %s where it was', name => {
    const source = readFileSync(new URL(name, folder), 'utf8')
    const before = source.split('\n')
    const after = scriptOf(source).split('\n')
    for (const [i, line] of before.entries()) {
      if (line.startsWith('console.log')) expect(after[i]).toBe(line.replaceAll('!.', '.'))
    }
  })

  it('strips types, satisfies and enums', () => {
    const script = scriptOf(
      'const w: number = 3 satisfies number\nenum Kind { A }\nconsole.log(w as number, Kind.A)',
    )
    expect(script).not.toMatch(/: number|satisfies|\bas number/)
  })

  it('names the engine modules that a program imports, however it does', () => {
    const source = [
      "import { tensor as t } from 'chainrule'",
      "import * as nn from 'chainrule/nn'",
      "import { sgd } from 'chainrule/optim'",
      't(1); nn; sgd',
    ].join('\n')
    const transpiled = transpile(source)
    expect('program' in transpiled && transpiled.program.engine).toEqual([
      'chainrule',
      'chainrule/nn',
      'chainrule/optim',
    ])
  })

  it('refuses any other import with a sentence, at its line', () => {
    expect(errorOf("const a = 1\nimport x from 'https://example.com/x.js'\nx")).toEqual({
      kind: 'import',
      line: 2,
      message: expect.stringContaining(
        '"https://example.com/x.js" cannot be imported here: a cell has no network.',
      ),
    })
    expect(errorOf("import 'node:fs'")?.kind).toBe('import')
    expect(errorOf("export * from './other.ts'")?.kind).toBe('import')
    expect(errorOf("\n\nconst m = await import('chainrule')")).toEqual({
      kind: 'import',
      line: 3,
      message: 'import() is not available here: write the import at the top of the program.',
    })
  })

  it('does not take a string that only looks like an import for one', () => {
    expect(
      errorOf('const from = "import x from \'lodash\'"\nconst words = [from, "from", \'lodash\']'),
    ).toBeNull()
  })

  it('says at which line a program is no TypeScript', () => {
    expect(errorOf('const a = 1\nlet b = = 2\n')).toEqual({
      kind: 'syntax',
      line: 2,
      message: 'SyntaxError: Unexpected token',
    })
  })

  it('lets a program use the names that its wrapper uses', () => {
    expect(
      () => new Function('__cell', scriptOf('const require = 1, exports = 2, console = 3')),
    ).not.toThrow()
  })
})

describe('where names stand', () => {
  const marked = (source: string, ...names: string[]) =>
    marksOf(source, names).map(({ start, name }) => `${name}@${start}`)

  it('marks declarations, reads and assignments', () => {
    expect(marked('let w = 3\nw = w - 1', 'w')).toEqual(['w@4', 'w@10', 'w@14'])
  })

  it('does not mark properties, keys, types, strings and comments', () => {
    expect(marked('const w = { w: 1 }.w // w\nconst s = "w"\ntype T = { w: number }', 'w')).toEqual(['w@6'])
    expect(marked('const w = 1\nconst t = `a $' + '{w}`', 'w')).toEqual(['w@6', 'w@27'])
  })

  it('does not mark a parameter or a local of the same name', () => {
    const source =
      'const w = 1\nfunction f(w: number) { return w }\nfor (const w of [1]) { w }\nconst g = (w: number) => w\nw'
    expect(marked(source, 'w')).toEqual(['w@6', `w@${source.length - 1}`])
  })

  it('marks shorthand properties', () => {
    expect(marked('const w = 1\nconst o = { w }', 'w')).toEqual(['w@6', 'w@24'])
  })

  it('marks nothing in a source that does not parse', () => {
    expect(marked('let w = = 1', 'w')).toEqual([])
  })
})
