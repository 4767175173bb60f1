// Small steps in time and in value that several controls share.

/** Nearest value that the control can take: on the grid of `step` that starts at `min`, inside the limits. */
export function snap(value: number, min: number, max: number, step: number): number {
  const onGrid = min + Math.round((value - min) / step) * step
  return Number(Math.min(max, Math.max(min, onGrid)).toPrecision(12))
}

/** Calls `act` with the last argument once nothing new came for `wait` milliseconds. */
export function debounced<T>(
  act: (value: T) => void,
  wait: number,
): { call(value: T): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    call(value) {
      clearTimeout(timer)
      timer = setTimeout(() => act(value), wait)
    },
    cancel: () => clearTimeout(timer),
  }
}

/** Whether the reader asked for less motion. Only in the browser; false on the server. */
export function wantsLessMotion(): boolean {
  return typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches
}
