// Counts the timers a program has set, so that its end is known: the last statement has run and no timer is left.

export interface Timers {
  /** How many may still fire. */
  pending(): number
}

type Callback = (...args: unknown[]) => unknown

/** Replaces the timers of `scope`. `quiet` is told each time one has fired or was cleared. */
export function countTimers(scope: typeof globalThis, quiet: () => void): Timers {
  const waiting = new Set<unknown>()
  const { setTimeout, clearTimeout, setInterval, clearInterval } = scope

  const once = (callback: Callback, ms?: number, ...args: unknown[]): unknown => {
    const id: unknown = setTimeout.call(
      scope,
      () => {
        try {
          callback(...args)
        } finally {
          waiting.delete(id)
          quiet()
        }
      },
      ms,
    )
    waiting.add(id)
    return id
  }
  const again = (callback: Callback, ms?: number, ...args: unknown[]): unknown => {
    const id: unknown = setInterval.call(scope, () => callback(...args), ms)
    waiting.add(id)
    return id
  }
  const clear = (id: unknown): void => {
    clearTimeout.call(scope, id as number)
    clearInterval.call(scope, id as number)
    if (waiting.delete(id)) quiet()
  }
  Object.assign(scope, {
    setTimeout: once,
    setInterval: again,
    clearTimeout: clear,
    clearInterval: clear,
  })
  return { pending: () => waiting.size }
}
