// A run folder read back: its record, and the network with its weights.
import { keyFromSeed } from 'chainrule'
import { outputsFor } from '../model/losses.ts'
import { Network } from '../model/network.ts'
import type { Predictor } from '../model/outputs.ts'
import { featuresOf } from '../table/encoding.ts'
import { loadCheckpoint } from './checkpoint.ts'
import { type RunFolder, runFolder } from './folder.ts'
import { type RunRecord, readRunRecord } from './schema.ts'

/** A run, ready to predict. */
export interface LoadedRun {
  readonly folder: RunFolder
  readonly record: RunRecord
  readonly network: Network
  readonly predictor: Predictor
}

/** @throws UserError when the folder holds no run, or one whose weights cannot be read. */
export function loadRun(path: string): LoadedRun {
  const folder = runFolder(path)
  const record = readRunRecord(folder.record)
  const { options, target, columns, targetScale } = record
  const shape = {
    inputs: columns.flatMap(featuresOf).length,
    hidden: options.hidden,
    outputs: outputsFor(options.loss, target.kind === 'classes' ? target.classes.length : 1),
  }
  const network = new Network(shape, keyFromSeed(options.seed))
  loadCheckpoint(folder.model, network)
  return { folder, record, network, predictor: { network, loss: options.loss, target, targetScale } }
}
