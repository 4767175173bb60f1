// Resident memory of a million eager training steps and of 100,000 forward passes over 1 MB tensors. Takes minutes.
// Exit code 1 if more than 250 MB were ever resident.
//
//     npm run build && node bench/memory.mjs
import { output, printTable } from './measure.mjs'

const limit = 250
const rows = [['workload', 'count', 'seconds', 'peak MB', 'at most', '']]
for (const [name, count] of [
  ['steps', 1_000_000],
  ['forward', 100_000],
  ['recorded', 100_000],
]) {
  const run = JSON.parse(output(process.execPath, ['memory-workloads.mjs', name, String(count)]))
  const held = run.megabytes <= limit
  if (!held) process.exitCode = 1
  rows.push([
    name,
    count.toLocaleString('en'),
    run.seconds.toFixed(1),
    run.megabytes.toFixed(0),
    String(limit),
    held ? 'ok' : 'MISSED',
  ])
}
printTable(rows)
