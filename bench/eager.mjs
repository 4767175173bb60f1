// The eager engine beside PyTorch, and what the package costs to import and to ship. Exit code 1 if a bound is missed.
//
//     npm run build && node bench/eager.mjs [rounds]
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { duration, here, median, output, printTable, pythonWithTorch } from './measure.mjs'

const rounds = Number(process.argv[2] ?? 7)
const bounds = [['bound', 'measured', 'at most', '']]

/** Adds a row to the table of bounds, and remembers a miss. */
function hold(what, value, limit, show) {
  if (!(value <= limit)) process.exitCode = 1
  bounds.push([what, show(value), show(limit), value <= limit ? 'ok' : 'MISSED'])
}

const python = pythonWithTorch()
const contestants = [[process.execPath, 'lesson-step.mjs']]
if (python === null)
  console.log('No Python with torch was found (set PYTHON), so nothing stands beside ours.\n')
else contestants.push([python, 'lesson_step.py'])

// Interleaved, each run in a process of its own, so that what disturbs the machine disturbs all alike.
const runs = contestants.map(() => [])
for (let round = 0; round < rounds; round++) {
  for (const [i, [command, file]] of contestants.entries()) runs[i].push(JSON.parse(output(command, [file])))
}

const us = runs.map(each => each.map(run => run.us))
console.log(
  `The lesson step: 4x2 table, float32, forward, backward, SGD; eager, one thread, ${rounds} rounds\n`,
)
printTable([
  ['', 'median us', 'least', 'most', 'loss at step 100'],
  ...runs.map((each, i) => [
    each[0].name,
    median(us[i]).toFixed(2),
    Math.min(...us[i]).toFixed(2),
    Math.max(...us[i]).toFixed(2),
    each[0].loss.toFixed(6),
  ]),
])
console.log()

if (python !== null) {
  const ratios = us[0].map((ours, round) => ours / us[1][round])
  hold('time of the lesson step, of PyTorch', median(ratios), 1 / 3, x => x.toFixed(3))
  const [ours, theirs] = runs.map(each => each[0].loss)
  hold('difference of the losses, relative', Math.abs(ours / theirs - 1), 1e-3, x => x.toExponential(1))
}

const cold = code => duration(process.execPath, ['--input-type=module', '-e', code])
const starts = Array.from({ length: 20 }, () => [cold(''), cold('import "chainrule"')])
const importing = median(starts.map(([, loaded]) => loaded)) - median(starts.map(([bare]) => bare))
hold("import 'chainrule', cold", importing, 60, x => `${x.toFixed(1)} ms`)

const { outputFiles } = await build({
  entryPoints: ['chainrule'],
  absWorkingDir: here,
  bundle: true,
  minify: true,
  format: 'esm',
  write: false,
})
hold(
  'root entry, minified and gzipped',
  gzipSync(outputFiles[0].contents).length / 1000,
  100,
  x => `${x.toFixed(1)} KB`,
)

printTable(bounds)
