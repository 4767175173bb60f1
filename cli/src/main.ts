// The `chainrule` command.
import { runCommandLine } from './program.ts'
import { processTerminal } from './terminal/terminal.ts'

// A reader that has seen enough (`| head`) closes the pipe. That is no error, and no reason to lose a training run:
// what is left to do is done, unseen.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}
process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal())
