// The `predict` subcommand.
import type { Command } from 'commander'
import type { Terminal } from '../terminal/terminal.ts'

export function addPredict(program: Command, terminal: Terminal): void {
  program
    .command('predict')
    .description('predict every row of another table with a run')
    .argument('<run>', 'the run folder')
    .argument('<table>', 'a table with the columns that the run learned from')
    .option('--out <file>', 'a CSV file; default: the standard output')
    .addHelpText('after', '\nExample:\n  chainrule predict runs/linear more.csv --out predictions.csv')
    .action(async (run: string, table: string, options: { out?: string }) => {
      const { predict } = await import('../actions/predict.ts')
      await predict({ run, table, ...options }, terminal)
    })
}
