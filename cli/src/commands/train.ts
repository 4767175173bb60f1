// The `train` subcommand.
import { type Command, Option } from 'commander'
import { LOSSES, MODELS, OPTIMIZERS, type TrainRequest } from '../actions/options.ts'
import { INTERRUPTED } from '../errors.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { layerSizes, nameList, positiveNumber, share, wholeNumber } from './shared.ts'

export function addTrain(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  program
    .command('train')
    .description('learn to predict a column of a table, and leave a run folder with a report')
    .argument('[table]', 'CSV, TSV, Parquet or JSON; compressed; a glob in quotes. Not needed with --resume')
    .option('--target <column>', 'the column to predict')
    .option('--features <columns>', 'columns to predict it from; default: all others', nameList)
    .option('--where <sql>', 'rows to use, as an SQL condition: "error_code is null"')
    .addOption(new Option('--model <name>', 'default: linear').choices(MODELS))
    .option('--hidden <sizes>', 'hidden layers of the mlp; default: 64,64', layerSizes)
    .addOption(new Option('--loss <name>', 'default: mse').choices(LOSSES))
    .addOption(new Option('--optimizer <name>', 'default: adam').choices(OPTIMIZERS))
    .option('--lr <rate>', 'learning rate; default: 0.01 for adam and momentum, 0.05 for sgd', positiveNumber)
    .option('--epochs <n>', 'passes over the rows; default: enough for 4,000 steps', wholeNumber(1))
    .option('--batch <rows>', 'rows per step; default: 64', wholeNumber(1))
    .option('--val <share>', 'share of the rows held out for the score; default: 0.2', share)
    .option(
      '--seed <n>',
      'decides the split, the first weights and the order of the rows; default: 0',
      wholeNumber(0),
    )
    .option('--out <folder>', 'the run folder; default: a free name under runs/')
    .option('--resume', 'go on with the run in --out where it stopped')
    .option('--force', 'replace the run in --out')
    .addHelpText(
      'after',
      `
Examples:
  chainrule train requests.csv --target seconds
  chainrule train requests.csv --target seconds --features prompt_tokens,queue_s --model mlp --out runs/mlp
  chainrule train 'logs/*.csv.gz' --target seconds --where "error_code is null"
  chainrule train --resume --out runs/mlp`,
    )
    .action(async (table: string | undefined, options: Omit<TrainRequest, 'table'>) => {
      const control = new AbortController()
      const stop = (): void => {
        // Once: a second interrupt ends the program at once, as everywhere.
        process.off('SIGINT', stop)
        process.off('SIGTERM', stop)
        control.abort()
      }
      process.on('SIGINT', stop)
      process.on('SIGTERM', stop)
      try {
        const request = table === undefined ? options : { ...options, table }
        const { train } = await import('../actions/train.ts')
        const { record } = await train(request, terminal, control.signal)
        if (record.status === 'stopped') exit(1)
        if (record.status === 'interrupted') exit(INTERRUPTED)
      } finally {
        process.off('SIGINT', stop)
        process.off('SIGTERM', stop)
      }
    })
}
