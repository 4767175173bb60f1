/** What the compiler prints when shapes do not fit, and how long it takes on literals of thousands of numbers. */

import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

const snippet = fileURLToPath(new URL('./snippet.ts', import.meta.url))
const base = fileURLToPath(new URL('../../../tsconfig.base.json', import.meta.url))

/** Type-checks a module that stands, in memory only, beside the engine's types. */
function check(lines: string): string[] {
  const text = `import { cat, given, type Tensor, tensor, zeros } from './stand-ins.ts'\n${lines}\n`
  const { options } = ts.convertCompilerOptionsFromJson(
    ts.readConfigFile(base, ts.sys.readFile).config.compilerOptions,
    '.',
  )
  const settings = { ...options, composite: false, isolatedDeclarations: false, declaration: false }
  const { declarationMap: _, ...rest } = { ...settings, noEmit: true }
  const host = ts.createCompilerHost(rest)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = name => name === snippet || fileExists(name)
  host.readFile = name => (name === snippet ? text : readFile(name))
  host.getSourceFile = (name, target) =>
    name === snippet ? ts.createSourceFile(name, text, target) : getSourceFile(name, target)
  const program = ts.createProgram([snippet], rest, host)
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(snippet))
    .map(found => ts.flattenDiagnosticMessageText(found.messageText, '\n'))
}

test('an error names the op, both shapes, the sizes and the way out', () => {
  const errors = check(`
    given<Tensor<[2, 3]>>().sub(given<Tensor<[4]>>())
    given<Tensor<[2, 3]>>().matmul(zeros([2, 3]))
    zeros([2, 3]).reshape([4])
    zeros([2, 3]).reshape([4, -1])
    zeros([2, 3]).sum(2)
    zeros([2, 3]).permute([0, 0])
    tensor([[1, 2], [3]])
    cat([zeros([2, 3]), zeros([2, 2])])`)
  const expected = [
    'cannot broadcast [2, 3] with [4]: size 3 of dimension 1 against 4; sizes aligned from the right must be equal or 1',
    'cannot matrix-multiply [2, 3] by [2, 3]: the last size of the left, 3, must equal the rows of the right, 2',
    'cannot reshape [2, 3], 6 elements, to [4], 4 elements; the counts must be equal',
    'cannot reshape [2, 3], 6 elements, to [4, -1]: no size for -1 gives 6 elements',
    'dimension 2 is out of range for shape [2, 3]',
    'cannot permute [2, 3] by [0, 0]: name every dimension exactly once',
    'ragged array: [0] has shape [2] but [1] has [1]; make every row equally long',
    'cannot concatenate [2, 3] with [2, 2]: all sizes but that of dimension 0 must be equal',
  ]
  expect(errors).toHaveLength(expected.length)
  for (const [i, text] of expected.entries()) expect(errors[i]).toContain(`ShapeError<"${text}`)
})

test('literals of thousands of rows and numbers keep their shape', () => {
  const rows = Array.from({ length: 2000 }, (_, i) => `[${i}, ${i + 0.5}, 1]`)
  const numbers = Array.from({ length: 12000 }, (_, i) => i * 1.25)
  const errors = check(`
    export const table: Tensor<[2000, 3]> = tensor([${rows}])
    export const vector: Tensor<[12000]> = tensor([${numbers}])
    export const wrong: Tensor<[1999, 3]> = table
    tensor([${rows}, [1, 2]])`)
  expect(errors).toHaveLength(2)
  expect(errors[0]).toContain("'Tensor<[2000, 3]>' is not assignable to type 'Tensor<[1999, 3]>'")
  expect(errors[1]).toContain('[0] has shape [3] but [2000] has [2]')
})
