// model.safetensors: the weights, the optimiser's memory and the step they belong to, in one file, so that replacing
// it moves all three at once.
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Tensor } from 'chainrule'
import { decodeSafetensors, encodeSafetensors } from 'chainrule/io'
import { messageOf, UserError } from '../errors.ts'
import type { Network } from '../model/network.ts'
import { shellWord } from '../terminal/shell.ts'
import { writeAtomically } from './atomic.ts'

const MODEL = 'model.'
const OPTIMIZER = 'optimizer.'

interface Stateful {
  stateDict(): Record<string, Tensor>
  loadStateDict(state: Readonly<Record<string, Tensor>>): void
}

/**
 * Saves the state after `step` steps. The file is replaced as a whole or not at all. It holds nothing that the clock
 * decides, so that the same seed gives the same bytes.
 */
export function saveCheckpoint(path: string, network: Network, optimizer: Stateful, step: number): void {
  const tensors: Record<string, Tensor> = {}
  for (const [name, value] of Object.entries(network.stateDict())) tensors[MODEL + name] = value
  for (const [name, value] of Object.entries(optimizer.stateDict())) tensors[OPTIMIZER + name] = value
  writeAtomically(path, encodeSafetensors(tensors, { format: 'chainrule', step: String(step) }))
}

/**
 * Loads the weights, and the optimiser's memory when one is given. Returns the step they belong to.
 * @throws UserError when the file is absent, damaged, or belongs to another model.
 */
export function loadCheckpoint(path: string, network: Network, optimizer?: Stateful): number {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch {
    throw new UserError(`There are no weights yet: ${path} does not exist.`, [
      `The run ended before its first checkpoint. Go on with: chainrule train --resume --out ${shellWord(dirname(path))}`,
    ])
  }
  try {
    const { tensors, metadata } = decodeSafetensors(bytes)
    network.loadStateDict(named(tensors, MODEL))
    optimizer?.loadStateDict(named(tensors, OPTIMIZER))
    return Number(metadata.step ?? 0)
  } catch (error) {
    throw new UserError(`${path} does not hold the weights of this run.`, [messageOf(error)])
  }
}

function named(tensors: Readonly<Record<string, Tensor>>, prefix: string): Record<string, Tensor> {
  const found: Record<string, Tensor> = {}
  for (const [name, value] of Object.entries(tensors)) {
    if (name.startsWith(prefix)) found[name.slice(prefix.length)] = value
  }
  return found
}
