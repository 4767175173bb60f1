// The `explain` subcommand.
import type { Command } from 'commander'
import type { ExplainRequest } from '../actions/explain.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { wholeNumber } from './shared.ts'

export function addExplain(program: Command, terminal: Terminal): void {
  program
    .command('explain')
    .description('trace the gradient that one row of the table sends to one weight')
    .argument('<run>', 'the run folder')
    .requiredOption(
      '--row <n>',
      'the data row, from 1, as the file has it (before the filter)',
      wholeNumber(1),
    )
    .option('--of <column>', "the column whose weight is traced, or a value of it: 'provider = groq'")
    .addHelpText('after', '\nExample:\n  chainrule explain runs/linear --row 17 --of output_tokens')
    .action(async (run: string, options: Omit<ExplainRequest, 'run'>) => {
      const { explainRow } = await import('../actions/explain.ts')
      await explainRow({ run, ...options }, terminal)
    })
}
