// The table of the benchmarks, and what was reached of each target.
import { median, printTable } from './measure.mjs'

const us = x =>
  x >= 1e6
    ? `${(x / 1e6).toFixed(2)} s`
    : x >= 1000
      ? `${(x / 1000).toFixed(x >= 1e5 ? 0 : x >= 1e4 ? 1 : 2)} ms`
      : `${x.toFixed(x >= 100 ? 0 : x >= 10 ? 1 : 2)} us`
const percent = x => `${(100 * x).toFixed(0)} %`
const middle = list => (list.length === 0 ? null : median(list))

/** The median over the rounds, and how far they lie apart, as a share of it. One round is judged by its own samples. */
function summary(list) {
  const times = (list ?? []).filter(x => x.us !== undefined)
  if (times.length === 0) return null
  const value = median(times.map(x => x.us))
  const [low, high] =
    times.length === 1
      ? [times[0].low, times[0].high]
      : [Math.min(...times.map(x => x.us)), Math.max(...times.map(x => x.us))]
  return { us: value, spread: (high - low) / 2 / value, loss: times[0].loss, all: times }
}

/** The median of the rounds' ratios: what disturbs a round disturbs all contestants alike. */
function ratio(peer, own) {
  if (peer === null || own === null) return null
  return median(peer.all.map((x, i) => x.us / (own.all[i] ?? own.all[0]).us))
}

export function report({ machine, limits, growth, bundled, results, workloads, contestants }) {
  const peak = middle(limits.filter(x => x.gflops).map(x => x.gflops))
  const copy = middle(limits.filter(x => x.copyGBs).map(x => x.copyGBs))
  console.log(`\n${machine}`)
  if (peak !== null)
    console.log(
      `This machine's limits in this run: ${peak.toFixed(1)} GFLOP/s of 128-bit multiply-adds on one core, ${copy.toFixed(1)} GB/s copying memory\n`,
    )
  const peers = contestants.slice(1)
  const rows = [['', contestants[0].title, '±', ...peers.map(c => c.title), 'rate', 'of limit']]
  const found = workloads.map(workload => {
    const by = new Map(contestants.map(c => [c.id, summary(results.get(workload.name).get(c.id))]))
    const own = by.get(contestants[0].id)
    const limit = limitOf(workload, peak, copy)
    const rate = own === null ? null : rateOf(workload, own.us)
    rows.push([
      workload.title,
      own === null ? '-' : us(own.us),
      own === null ? '' : percent(own.spread),
      ...peers.map(c => {
        const peer = by.get(c.id)
        if (peer === null)
          return results
            .get(workload.name)
            .get(c.id)
            .some(x => x.declined)
            ? 'cannot'
            : '-'
        const times = ratio(peer, own)
        return `${us(peer.us)} ±${percent(peer.spread)}${times === null ? '' : `  ${times.toFixed(2)}x`}`
      }),
      rate === null ? '' : rate.text,
      rate === null || limit === null ? '' : percent(rate.value / limit),
    ])
    return { workload, by, own, rate, limit }
  })
  printTable(rows)
  for (const [name, byPeer] of results) {
    for (const c of contestants)
      for (const x of byPeer.get(c.id))
        if (x.declined) console.log(`${name}: ${c.title} cannot: ${x.declined}`)
  }
  const wrong = found.flatMap(agreement)
  console.log(wrong.length === 0 ? '\nAll contestants computed the same losses.' : `\n${wrong.join('\n')}`)
  const lines = found
    .flatMap(x => targetsOf(x, peak, copy))
    .concat(growthLines(growth))
    .concat(sizeLines(bundled))
  if (lines.length > 0) {
    console.log('\nTargets')
    printTable([['target', 'at most / least', 'measured', ''], ...lines])
  }
  if (wrong.length > 0) process.exitCode = 1
}

/** Contestants whose loss is not that of the others, to three digits: Adam magnifies the last ones. */
function agreement({ workload, by }) {
  const losses = [...by].filter(([, x]) => x !== null).map(([id, x]) => [id, x.loss])
  const usual = middle(losses.map(([, loss]) => loss))
  const size = Math.max(...losses.map(([, loss]) => Math.abs(loss)), 1e-9)
  return losses
    .filter(([, loss]) => !(Math.abs(loss - usual) <= 2e-3 * size))
    .map(([id, loss]) => `${workload.name}: ${id} computed ${loss}, the others ${usual}`)
}

function rateOf(workload, time) {
  if (workload.group === 'stream') {
    const value = workload.bytes / time / 1000
    return { value, text: `${value.toFixed(1)} GB/s` }
  }
  const value = workload.flops / time / 1000
  return { value, text: `${value.toFixed(value < 10 ? 2 : 1)} GFLOP/s` }
}

/** What the machine allows: for streams the copy bandwidth, else the smaller of peak and intensity times bandwidth. */
function limitOf({ group, flops, bytes }, peak, copy) {
  if (peak === null) return null
  if (group === 'stream') return copy
  return bytes === undefined ? peak : Math.min(peak, (flops / bytes) * copy)
}

const verdict = met => (met ? 'met' : 'MISSED')

function targetsOf({ workload, by, own, rate, limit }, peak, copy) {
  if (own === null) return []
  const { targets, title, group } = workload
  const lines = []
  const atMost = (what, bound, value, show) =>
    lines.push([`${title}${what}`, show(bound), show(value), verdict(value <= bound)])
  const atLeast = (what, bound, value, show) =>
    lines.push([`${title}${what}`, show(bound), show(value), verdict(value >= bound)])
  const times = x => `${x.toFixed(x < 0.1 ? 3 : 2)}x`
  const two = by.get('ours-2') ?? null
  if (targets.ms !== undefined) atMost(targets.binding ? ' (binding)' : '', 1000 * targets.ms, own.us, us)
  const torch = by.get('torch') ?? null
  if (targets.ofTorch !== undefined && torch !== null)
    atMost(', of PyTorch', targets.ofTorch, 1 / ratio(torch, own), times)
  if (two !== null && targets.msTwoThreads !== undefined)
    atMost(', two threads', 1000 * targets.msTwoThreads, two.us, us)
  if (two !== null && targets.twoThreads !== undefined)
    atLeast(', two threads against one', targets.twoThreads, 1 / ratio(two, own), times)
  if (group === 'train') {
    const rivals = ['jax', 'tfjs'].flatMap(id =>
      (by.get(id) ?? null) === null ? [] : [1 / ratio(by.get(id), own)],
    )
    if (rivals.length > 0)
      atMost(', of the best JavaScript peer', targets.ofPeer ?? 0.4, Math.max(...rivals), times)
  }
  const gflops = x => `${x.toFixed(1)} GFLOP/s`
  if (targets.gflops !== undefined) atLeast('', targets.gflops, rate.value, gflops)
  if (peak !== null) {
    if (targets.ofPeak !== undefined)
      atLeast(', of the multiply-add peak', targets.ofPeak, rate.value / peak, percent)
    if (targets.ofLimit !== undefined)
      atLeast(', of peak or intensity times bandwidth', targets.ofLimit, rate.value / limit, percent)
    if (targets.ofCopy !== undefined)
      atLeast(', of the copy bandwidth', targets.ofCopy, rate.value / copy, percent)
  }
  const stats = own.all[0].stats
  if (targets.memoryRatio !== undefined && stats?.bytes !== undefined)
    atMost(
      ', memory against parameters, gradients, moments, activations',
      targets.memoryRatio,
      (stats.bytes + stats.stateBytes) / workload.memory,
      times,
    )
  if (targets.compileMs !== undefined && stats?.compileMs !== undefined)
    atMost(
      ', compiling',
      targets.compileMs,
      middle(own.all.map(x => x.stats.compileMs)),
      x => `${x.toFixed(0)} ms`,
    )
  return lines
}

/** Ten times the nodes may take as many times as long as n log n says, and half as much again for noise. */
function growthLines(growth) {
  if (growth === null || growth.times === undefined) return []
  return growth.times.slice(1).map(({ nodes, ms }, i) => {
    const before = growth.times[i]
    const allowed = (1.5 * (nodes * Math.log(nodes))) / (before.nodes * Math.log(before.nodes))
    const grown = ms / before.ms
    return [
      `compiling ${nodes} nodes (${ms.toFixed(1)} ms) against ${before.nodes}`,
      `${allowed.toFixed(1)}x`,
      `${grown.toFixed(1)}x`,
      verdict(grown <= allowed),
    ]
  })
}

function sizeLines(bytes) {
  if (bytes === null) return []
  const kilobytes = x => `${(x / 1000).toFixed(1)} KB`
  return [
    [
      "import 'chainrule', minified and gzipped",
      kilobytes(100_000),
      kilobytes(bytes),
      verdict(bytes <= 100_000),
    ],
  ]
}
