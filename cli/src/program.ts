// The command line as an object: which subcommands there are, and how errors leave. main.ts only starts it.
// A subcommand loads what it needs when it runs, so that help and complaints come at once.
import { Command, CommanderError } from 'commander'
import { addCheck } from './commands/check.ts'
import { addExplain } from './commands/explain.ts'
import { addLab } from './commands/lab.ts'
import { addPredict } from './commands/predict.ts'
import { addTrain } from './commands/train.ts'
import { UserError } from './errors.ts'
import type { Terminal } from './terminal/terminal.ts'
import { engineVersion } from './version.ts'

/**
 * Runs a command line and returns its exit code: 0 good, 1 an error that the reader can mend, 2 a usage error.
 * @throws any error that is a fault of the program.
 */
export async function runCommandLine(words: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0
  const program = new Command('chainrule')
    .description('Training you can explain: train a model on a table, with its gradient checked and traced.')
    .version(engineVersion())
    .showHelpAfterError('(chainrule --help tells more)')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: text => terminal.out(text.trimEnd()),
      writeErr: text => terminal.err(text.trimEnd()),
      outputError: (text, write) => write(terminal.colors.red(text)),
    })
  addTrain(program, terminal, value => {
    code = value
  })
  addPredict(program, terminal)
  addExplain(program, terminal)
  addCheck(program, terminal, value => {
    code = value
  })
  addLab(program, terminal)
  for (const command of program.commands) command.copyInheritedSettings(program)
  try {
    await program.parseAsync(words, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!(error instanceof UserError)) throw error
    const [message = '', ...hints] = error.report.split('\n')
    terminal.err(terminal.colors.red(message))
    for (const hint of hints) terminal.err(hint)
    return error.exitCode
  }
}
