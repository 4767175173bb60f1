// npm run bench: every workload of every contestant in a process of its own, round after round, one table, one line for
// each target. `--quick` for short measurements, `--only mlp-small,gemm` for some workloads (by name, kind or group),
// `--peers ours,torch` for some contestants, `--rounds 3`, `--json file` to keep what was measured.
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { here, pythonWithTorch } from './measure.mjs'
import { report } from './report.mjs'
import { graphSizes, workloads } from './workloads.mjs'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    peers: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'string' },
  },
})

function run(command, args, timeout = 300_000) {
  return spawnSync(command, args, { cwd: here, encoding: 'utf8', timeout, maxBuffer: 1 << 26 })
}

function must(command, args, what) {
  console.error(`${what} ...`)
  const { status, stderr } = run(command, args, 900_000)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`)
}

const node26 = join(here, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
if (!existsSync(node26))
  must('npm', ['install', '--prefix', here], 'Installing Node 26 and the peers in bench/')
if (!existsSync(join(here, '../engine/dist/bundle/index.js')))
  must('npm', ['run', 'build', '--prefix', join(here, '..')], 'Building')

const python = pythonWithTorch()
const large = w =>
  w.targets.msTwoThreads !== undefined || ['lenet', 'gru'].includes(w.kind) || (w.flops ?? 0) > 1e9
const ours = (node, mode, threads) => ({ command: node, args: ['peers/chainrule.mjs'], mode, threads })
const [compiles, threaded] = JSON.parse(
  run(node26, [
    '--input-type=module',
    '-e',
    "import * as c from 'chainrule'; console.log(JSON.stringify([c.compile !== undefined, c.setThreads !== undefined]))",
  ]).stdout || '[false, false]',
)
const own = compiles ? 'compiled' : 'eager'

/** Who runs, in the order of the columns. */
const contestants = [
  { id: 'ours', title: `chainrule ${own}`, ...ours(node26, own, 1) },
  {
    id: 'ours-here',
    title: `on Node ${process.versions.node.split('.')[0]}`,
    ...ours(process.execPath, own, 1),
    skip: () => !compiles || process.versions.node.startsWith('26.'),
  },
  { id: 'ours-2', title: '2 threads', ...ours(node26, own, 2), skip: w => !threaded || !large(w) },
  { id: 'jax', title: 'jax-js jit', command: node26, args: ['peers/jax.mjs'] },
  { id: 'tfjs', title: 'tfjs wasm', command: node26, args: ['peers/tfjs.mjs'] },
  {
    id: 'torch',
    title: 'PyTorch',
    command: python,
    args: ['peers/torch_peer.py'],
    skip: () => python === null,
  },
  // Only where it is asked for by name.
  { id: 'eager', title: 'chainrule eager', ...ours(node26, 'eager', 1), optional: true },
].filter(c => (options.peers === undefined ? !c.optional : options.peers.split(',').includes(c.id)))

const wanted = options.only?.split(',')
const chosen = workloads.filter(
  w => wanted === undefined || [w.name, w.kind, w.group].some(x => wanted.includes(x)),
)
if (chosen.length === 0 && !wanted.some(x => ['compile', 'size'].includes(x)))
  throw new Error(`no workload is called ${options.only}: ${workloads.map(w => w.name).join(', ')}`)
const rounds = Number(options.rounds ?? (options.quick ? 1 : 5))
const timing = options.quick ? { warm: 150, budget: 300 } : { warm: 600, budget: 1500 }

function lastLine({ stdout, stderr, status, error }) {
  const line = stdout?.trim().split('\n').at(-1)
  try {
    return JSON.parse(line)
  } catch {
    const why =
      error?.code === 'ETIMEDOUT'
        ? 'took more than five minutes'
        : (stderr
            ?.trim()
            .split('\n')
            .findLast(x => /Error/.test(x)) ?? `exit ${status}`)
    return { declined: why.slice(0, 120) }
  }
}

const limits = []
/** results[workload][contestant] is a list, one entry a round. */
const results = new Map(chosen.map(w => [w.name, new Map(contestants.map(c => [c.id, []]))]))
const started = Date.now()
for (let round = 1; round <= rounds; round++) {
  limits.push(lastLine(run(node26, ['limits.mjs'])))
  for (const workload of chosen) {
    for (const c of contestants) {
      if (c.skip?.(workload)) continue
      const list = results.get(workload.name).get(c.id)
      // Who cannot do it need not be asked again.
      if (list.some(x => x.declined)) continue
      const task = { workload, mode: c.mode ?? null, threads: c.threads ?? 1, ...timing }
      const result = lastLine(run(c.command, [...c.args, JSON.stringify(task)]))
      list.push(result)
      const said = result.declined ? `no: ${result.declined}` : `${result.us.toFixed(1)} us`
      console.error(`round ${round}/${rounds}  ${workload.name.padEnd(22)} ${c.title.padEnd(20)} ${said}`)
    }
  }
}
const growth =
  wanted === undefined || wanted.includes('compile')
    ? lastLine(
        run(
          node26,
          ['compile-time.mjs', JSON.stringify(options.quick ? graphSizes.slice(0, 3) : graphSizes)],
          600_000,
        ),
      )
    : null

/** What a page loads with all of the root entry, in bytes. */
async function rootEntry() {
  const { build } = createRequire(join(here, '..', 'package.json'))('esbuild')
  const { outputFiles } = await build({
    entryPoints: ['chainrule'],
    absWorkingDir: here,
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  })
  return gzipSync(outputFiles[0].contents).length
}
const bundled = wanted === undefined || wanted.includes('size') ? await rootEntry() : null

const machine = `${cpus().length} cores of ${cpus()[0]?.model.trim() ?? 'unknown'}; ${rounds} ${rounds === 1 ? 'round' : 'rounds'}${options.quick ? ', quick' : ''}, ${Math.round((Date.now() - started) / 1000)} s`
if (options.json !== undefined) {
  const plain = Object.fromEntries([...results].map(([name, byPeer]) => [name, Object.fromEntries(byPeer)]))
  writeFileSync(options.json, JSON.stringify({ machine, limits, growth, results: plain }, null, 1))
}
report({ machine, limits, growth, bundled, results, workloads: chosen, contestants })
