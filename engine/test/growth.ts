// How the cost of something grows with its size: what a test can hold on any machine, however slow or busy it is.

/** Processor milliseconds that this process spends on `f`: what others do on the machine does not count. */
export function processorTime(f: () => unknown): number {
  const before = process.cpuUsage()
  f()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/**
 * How many times as long `large` takes as `small`, each the least of several goes. Stops early once that is below
 * `enough`: collection and compilation only ever add to a time.
 */
export function costRatio(small: () => unknown, large: () => unknown, enough: number): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let go = 0; go < 7; go++) {
    least = Math.min(least, processorTime(small))
    most = Math.min(most, processorTime(large))
    if (go > 0 && most < enough * least) break
  }
  return most / Math.max(least, 0.01)
}
