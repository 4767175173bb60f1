// The `chainrule` command.
import { runCommandLine } from './program.ts'
import { processTerminal } from './terminal/terminal.ts'

// A reader that has seen enough (`| head`) closes the pipe; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal())
