// metrics.jsonl: one line of JSON per epoch, appended. A line that is no epoch, such as one cut short by a crash, is
// skipped when read.
import { appendFileSync, readFileSync } from 'node:fs'
import { isOutOfSpace } from '../errors.ts'
import { noRoom, writeAtomically } from './atomic.ts'

/** What is recorded after each epoch. Losses are of standardised targets, as the optimiser sees them. */
export interface EpochMetrics {
  readonly epoch: number
  /** Steps done since the start. */
  readonly step: number
  /** Mean loss over the epoch's training rows. */
  readonly loss: number
  /** Loss over the held-out rows after the epoch; null when none are held out. */
  readonly heldOutLoss: number | null
  /** Mean and largest length of the gradient over the epoch's steps. */
  readonly gradientNorm: number
  readonly gradientNormMax: number
  readonly learningRate: number
  /** Seconds since training began. */
  readonly seconds: number
}

/** Appends one epoch. */
export function appendMetrics(path: string, metrics: EpochMetrics): void {
  try {
    appendFileSync(path, `${JSON.stringify(metrics)}\n`)
  } catch (error) {
    throw isOutOfSpace(error) ? noRoom(path) : error
  }
}

/** Reads all whole lines; an absent file has none. */
export function readMetrics(path: string): EpochMetrics[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return []
  }
  const metrics: EpochMetrics[] = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    try {
      const parsed: EpochMetrics | null = JSON.parse(line)
      if (typeof parsed?.epoch === 'number' && typeof parsed.step === 'number') metrics.push(parsed)
    } catch {
      // The last line of a run that was cut off while writing it.
    }
  }
  return metrics
}

/** Drops epochs after `epoch`, which a resumed run will do again. */
export function truncateMetrics(path: string, epoch: number): void {
  const kept = readMetrics(path).filter(line => line.epoch <= epoch)
  writeAtomically(path, kept.map(line => `${JSON.stringify(line)}\n`).join(''))
}
