// The `lab` subcommand.
import type { Command } from 'commander'
import type { Terminal } from '../terminal/terminal.ts'
import { wholeNumber } from './shared.ts'

export function addLab(program: Command, terminal: Terminal): void {
  program
    .command('lab')
    .description('serve the lab, the site that teaches with the engine, on this machine')
    .option('--port <n>', 'of the address (default: 4400, or the next that is free)', wholeNumber(0))
    .option('--site <folder>', 'a built site other than this repository’s')
    .addHelpText('after', '\nBuild the site first: npm run lab:build. `npm run lab` does both.')
    .action(async (options: { port?: number; site?: string }) => {
      const { serveLab } = await import('../actions/lab.ts')
      await serveLab(options, terminal)
    })
}
