// Progress of training: a bar while a person watches, a plain line now and then when the output is a file.
import { Presets, SingleBar } from 'cli-progress'
import { formatCount, formatDuration, formatNumber } from './format.ts'
import type { Terminal } from './terminal.ts'

/** What is shown after a step. */
export interface Progress {
  update(step: number, loss: number, epoch: number): void
  stop(): void
}

/** What a training run will do, for the bar to measure against. */
export interface ProgressPlan {
  readonly steps: number
  readonly startStep: number
  readonly epochs: number
  readonly rowsPerStep: number
}

/** A bar with loss, rows per second and time left; without a person watching, about ten plain lines. */
export function startProgress(terminal: Terminal, plan: ProgressPlan): Progress {
  return terminal.interactive ? drawBar(terminal, plan) : printLines(terminal, plan)
}

/** Pictures a second: steps come faster, and their words would cost more than they do. */
const PICTURES = 12

function drawBar(terminal: Terminal, plan: ProgressPlan): Progress {
  const meter = startMeter(plan)
  const format =
    terminal.width >= 90
      ? '  {bar} {percentage} %  epoch {epoch}  loss {loss}  {speed} rows/s  {left} left'
      : '  {bar} {percentage} %  loss {loss}  {left} left'
  let shown = Number.NEGATIVE_INFINITY
  const bar = new SingleBar(
    { format, barsize: 24, hideCursor: true, clearOnComplete: true, stopOnComplete: false, fps: PICTURES },
    Presets.shades_classic,
  )
  bar.start(plan.steps, plan.startStep, { epoch: '', loss: '…', speed: '…', left: '…' })
  return {
    update(step, loss, epoch) {
      const now = performance.now()
      if (now - shown < 1000 / PICTURES && step < plan.steps) return
      shown = now
      const { speed, left } = meter(step)
      bar.update(step, {
        epoch: `${epoch}/${plan.epochs}`,
        loss: formatNumber(loss),
        speed: formatCount(speed),
        left: formatDuration(left),
      })
    },
    stop: () => bar.stop(),
  }
}

function printLines(terminal: Terminal, plan: ProgressPlan): Progress {
  const meter = startMeter(plan)
  const every = Math.max(1, Math.ceil((plan.steps - plan.startStep) / 10))
  let next = plan.startStep + every
  return {
    update(step, loss, epoch) {
      if (step < next && step < plan.steps) return
      next = step + every
      const { speed, left } = meter(step)
      const done = String(Math.floor((100 * step) / plan.steps)).padStart(3)
      terminal.out(
        `  ${done} %  epoch ${String(epoch).padStart(String(plan.epochs).length)}/${plan.epochs}` +
          `  loss ${formatNumber(loss).padEnd(9)}  ${formatCount(speed).padStart(9)} rows/s` +
          `  ${formatDuration(left)} left`,
      )
    },
    stop: () => {},
  }
}

function startMeter(plan: ProgressPlan): (step: number) => { speed: number; left: number } {
  const started = performance.now()
  return step => {
    const seconds = Math.max(1e-9, (performance.now() - started) / 1000)
    const stepsPerSecond = Math.max(1e-9, (step - plan.startStep) / seconds)
    return { speed: stepsPerSecond * plan.rowsPerStep, left: (plan.steps - step) / stepsPerSecond }
  }
}
