// The `check` subcommand.
import type { Command } from 'commander'
import type { Terminal } from '../terminal/terminal.ts'
import { wholeNumber } from './shared.ts'

export function addCheck(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  program
    .command('check')
    .description('check the gradient of your own function against finite differences')
    .argument('<module>', 'a .ts or .js file that exports inputs() and a default function of them')
    .option('--second', 'check the second derivative, too')
    .option('--seed <n>', 'of the random directions', wholeNumber(0))
    .option('--json', 'print the report as JSON')
    .addHelpText('after', '\nExample:\n  chainrule check my-loss.ts')
    .action(async (module: string, options: { second?: boolean; seed?: number; json?: boolean }) => {
      const { second, ...rest } = options
      const { checkModule } = await import('../actions/check.ts')
      const report = await checkModule({ module, ...rest, ...(second ? { order: 2 } : {}) }, terminal)
      if (!report.ok) exit(1)
    })
}
