// A resumed run keeps the options it began with: only the number of epochs may grow.
import { UserError } from '../errors.ts'
import type { RunRecord } from '../run/schema.ts'
import type { TrainRequest } from './options.ts'

/** @throws UserError for an option that contradicts the run. */
export function requireSameOptions(request: TrainRequest, record: RunRecord): void {
  const { options, input } = record
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['--target', request.target, record.target.column],
    ['--features', request.features?.join(','), input.features?.join(',')],
    ['--where', request.where, input.where],
    ['--model', request.model, options.model],
    ['--hidden', request.hidden?.join(','), options.hidden.join(',')],
    ['--loss', request.loss, options.loss],
    ['--optimizer', request.optimizer, options.optimizer],
    ['--lr', request.lr, options.lr],
    ['--batch', request.batch, options.batch],
    ['--val', request.val, options.val],
    ['--seed', request.seed, options.seed],
  ]
  for (const [name, given, used] of pairs) {
    if (given === undefined || given === used) continue
    throw new UserError(
      `${name} ${given} contradicts the run in '${request.out}', which has ${used ?? 'none'}.`,
      ['A resumed run keeps its options; leave them out, or begin a new run with another --out.'],
    )
  }
  if (request.epochs !== undefined && request.epochs < options.epochs) {
    throw new UserError(
      `--epochs ${request.epochs} is fewer than the ${options.epochs} that the run set out to do.`,
    )
  }
}
