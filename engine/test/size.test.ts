// What the engine weighs in a web page, and that shaking the tree leaves tensors their methods.
import { spawnSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bundle } from './bundle.ts'

/** Runs a module in a Node of its own and returns what it printed. */
function run(code: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-'], {
    input: code,
    encoding: 'utf8',
  })
  return stdout.trim() + stderr.split('\n').slice(-8).join('\n')
}

test('What a compiled training step needs of the root entry, minified and gzipped, is under 100 KB.', async () => {
  const names = 'compile, tensor, crossEntropy, noGrad, manualSeed, randn'
  const code = await bundle(`import { ${names} } from 'chainrule'; console.log(${names})`)
  expect(gzipSync(code).length).toBeLessThan(100_000)
})

test('The root entry with everything in it stays under 118 KB, and under 60 KB where nothing is compiled.', async () => {
  const code = await bundle("export * from 'chainrule'")
  expect(code).toContain('crossEntropy')
  expect(gzipSync(code).length).toBeLessThan(118_000)
  const eager = await bundle("import { tensor } from 'chainrule'; console.log(tensor)")
  expect(gzipSync(eager).length).toBeLessThan(60_000)
})

test.each([
  ['chainrule', "import { tensor } from 'chainrule'; console.log(tensor([2]).mul(3).item())", '6'],
  [
    'chainrule/nn',
    "import { Linear } from 'chainrule/nn'; console.log(new Linear(2, 1).bias.mul(0).add(1).item())",
    '1',
  ],
  [
    'chainrule/io',
    `import { decodeSafetensors } from 'chainrule/io'
     const header = JSON.stringify({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } })
     const bytes = new Uint8Array(8 + header.length + 4)
     bytes[0] = header.length
     bytes.set(new TextEncoder().encode(header), 8)
     console.log(decodeSafetensors(bytes).tensors.a.add(1).item())`,
    '1',
  ],
])('Imported alone and bundled, %s gives tensors that have their methods.', async (_entry, code, printed) => {
  expect(run(await bundle(code))).toBe(printed)
})
