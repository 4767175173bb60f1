// How every contestant in JavaScript is timed: the check first, then warm-up, then samples of as many calls as make one
// long enough for the clock. torch_peer.py does the same.

/** What this process was asked for: `node peer.mjs '{"workload": {...}, "mode": "...", "warm": ms, "budget": ms}'`. */
export const task = JSON.parse(process.argv[2])

/**
 * Runs `step` to the check, times it, and prints one line of JSON. `read` turns a result into a number; `release`, where
 * a library wants it, lets go of one; `settle` milliseconds pass between the check and the clock.
 */
export async function measure(name, step, read, { release = () => {}, settle = 0, more = () => ({}) } = {}) {
  const { workload, warm, budget } = task
  const started = performance.now()
  let loss = Number.NaN
  let first = 0
  for (let i = 0; i < workload.check; i++) {
    const result = step()
    loss = read(result)
    release(result)
    if (i === 0) first = performance.now() - started
  }
  if (settle > 0) await new Promise(resolve => setTimeout(resolve, settle))
  const timed = calls => {
    const start = performance.now()
    for (let i = 0; i < calls; i++) release(step())
    return performance.now() - start
  }
  let calls = 1
  let spent = 0
  let one = Number.POSITIVE_INFINITY
  while (spent < warm) {
    const ms = timed(calls)
    spent += ms
    one = ms / calls
    if (ms < 4) calls *= 2
  }
  calls = Math.max(1, Math.ceil(4 / one))
  const samples = []
  for (spent = 0; spent < budget || samples.length < 3; ) {
    const ms = timed(calls)
    spent += ms
    samples.push((1000 * ms) / calls)
  }
  samples.sort((a, b) => a - b)
  const at = q => samples[Math.min(samples.length - 1, Math.floor(q * samples.length))]
  console.log(
    JSON.stringify({ name, loss, us: at(0.5), low: at(0.1), high: at(0.9), firstMs: first, ...more() }),
  )
}

/** A contestant that cannot do the workload says why, and is shown so. */
export function decline(name, why) {
  console.log(JSON.stringify({ name, declined: why }))
}
