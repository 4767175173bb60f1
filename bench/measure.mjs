// What the measurements share: the median, processes of their own, a Python with torch, and aligned tables.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The folder of the benchmarks, from which `chainrule` is found in the workspace above. */
export const here = fileURLToPath(new URL('.', import.meta.url))

/** The middle of the numbers: of an even count, the mean of the two in the middle. */
export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2
}

/** Runs a program to its end and returns what it printed; throws what it complained of. */
export function output(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: here, encoding: 'utf8' })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`)
  return stdout
}

/** The wall time of a program, in milliseconds. */
export function duration(command, args) {
  const start = performance.now()
  output(command, args)
  return performance.now() - start
}

/** A Python that has torch: $PYTHON, the one on the path, or the system's; null if none has. */
export function pythonWithTorch() {
  const candidates = [process.env.PYTHON ?? 'python3', '/usr/bin/python3']
  return candidates.find(path => spawnSync(path, ['-c', 'import torch']).status === 0) ?? null
}

/** Prints rows in columns, the first to the left and the others to the right. */
export function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)))
  for (const row of rows) {
    console.log(
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('   '),
    )
  }
}
