import { createRequire } from 'node:module'
import { asDataError } from '@couplet/data/node'
import { Command, CommanderError } from 'commander'
import { checkCommand } from './commands/check.ts'
import { doctorCommand } from './commands/doctor.ts'
import { entriesCommand } from './commands/entries.ts'
import { exportCommand } from './commands/export.ts'
import { featuresCommand } from './commands/features.ts'
import { labelCommand } from './commands/label.ts'
import { labelCheckCommand } from './commands/labelCheck.ts'
import { newCommand } from './commands/new.ts'
import { paperCommand } from './commands/paper.ts'
import { predictCommand } from './commands/predict.ts'
import { quickCommand } from './commands/quick.ts'
import { reportCommand } from './commands/report.ts'
import { scoreCommand } from './commands/score.ts'
import { siteCommand } from './commands/site.ts'
import { studyCommand } from './commands/study.ts'
import { trainCommand } from './commands/train.ts'
import { Interrupted } from './Interrupted.ts'

/** Exit codes: 0 done, 1 failed, 2 a wrong call, 130 stopped by Ctrl-C. */
const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const

/** Errors whose message is meant for people; of any other the stack is shown, because it is a bug. */
const FOR_PEOPLE = new Set([
  'CheckFailed',
  'DataError',
  'EngineError',
  'EvalError',
  'LabelError',
  'ModelError',
  'PaperError',
  'UsageError',
])

/** The command line: parses the arguments, runs a command and returns the exit code. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string }
  const program = new Command('couplet')
    .description('Scalar coupling constants from 3D structure: train, score and predict.')
    .version(version)
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      `
Examples:
  couplet quick                                    train and rank a few entries in minutes
  couplet train edge-update-schnet --fold 0        train one entry on the embedded data set
  couplet score runs/edge-update-schnet-…          score it on the molecules held out

Exit codes: 0 done, 1 failed, 2 wrong call, 130 stopped by Ctrl-C.`,
    )
  const commands = [
    quickCommand(),
    trainCommand(),
    scoreCommand(),
    predictCommand(),
    exportCommand(),
    featuresCommand(),
    studyCommand(),
    reportCommand(),
    paperCommand(),
    siteCommand(),
    labelCommand(),
    labelCheckCommand(),
    entriesCommand(),
    newCommand(),
    checkCommand(),
    doctorCommand(),
  ]
  for (const command of commands) program.addCommand(command)
  const nested = commands.flatMap((command) => command.commands)
  for (const command of [program, ...commands, ...nested]) {
    command.exitOverride().showSuggestionAfterError()
  }
  try {
    await program.parseAsync([...argv])
    return EXIT.done
  } catch (thrown) {
    const error = withAdvice(thrown)
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    if (error instanceof Interrupted) {
      console.error(error.message)
      return EXIT.interrupted
    }
    if (error instanceof Error && FOR_PEOPLE.has(error.name)) {
      console.error(error.message)
      return error.name === 'UsageError' ? EXIT.usage : EXIT.failed
    }
    console.error(error)
    return EXIT.failed
  }
}

/** An error of the file system about a path is nobody's bug: as a sentence for people. */
function withAdvice(error: unknown): unknown {
  const { syscall, path } = (error ?? {}) as { syscall?: unknown; path?: unknown }
  return typeof syscall === 'string' && typeof path === 'string' ? asDataError(error, path) : error
}
