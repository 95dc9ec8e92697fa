import { cpus } from 'node:os'
import { Command, InvalidArgumentError, Option } from 'commander'
import { EMBEDDED } from '../Dataset.ts'
import { interruptible, Interrupted } from '../Interrupted.ts'
import { resultsOption, runsOption, wholeNumber } from '../options.ts'
import { requireResults } from '../results.ts'
import type { BasisCall } from '../study/readBasis.ts'
import { jobSchema, runJob } from '../study/StudyJob.ts'
import { studyCost } from '../study/studyCost.ts'
import { studyEnsembles } from '../study/studyEnsembles.ts'
import { studyErrors } from '../study/studyErrors.ts'
import { studyHistory } from '../study/studyHistory.ts'
import { studyPlan } from '../study/studyPlan.ts'
import { studyRanks } from '../study/studyRanks.ts'
import { studySizes } from '../study/studySizes.ts'
import { studySwaps } from '../study/studySwaps.ts'
import { studyTrain } from '../study/studyTrain.ts'
import { studyTransfer } from '../study/studyTransfer.ts'
import type { TrainCall } from '../study/trainJobs.ts'
import { UsageError } from '../UsageError.ts'

/** Studies that are computed from published results: name, what they say, and the work. */
const COMPUTED: readonly (readonly [string, string, (call: BasisCall) => Promise<void>])[] = [
  ['ranks', 'which entries can be told apart', studyRanks],
  ['ensembles', 'what the entries reach together', studyEnsembles],
  ['errors', 'where they err, and where they err alike', studyErrors],
  ['cost', 'what a label costs, and what a prediction', studyCost],
]

/** `couplet study`: the comparison itself, one file per question below paper/results. */
export function studyCommand(): Command {
  const study = new Command('study')
    .description(
      'Train and compute what the site and the paper say about the comparison; written beside the results.',
    )
    .option('--plan', 'print what the whole study trains, and its core-hours')
    .addOption(resultsOption())
    .addHelpText(
      'after',
      `
Examples:
  couplet study --plan                                                 what it costs
  couplet study train                                                  every entry, fold and budget, scored and published
  couplet study ranks                                                  from committed files alone
  couplet study ensembles --data ../champs --runs runs                 from the runs behind the results

Studies of couplet-dft read the published results and predictions. On other data, whose licence keeps predictions out of the
results, ranks read sums of errors over groups of molecules; ensembles and errors read the run folders that were scored.
Of these data they write aggregates alone.`,
    )
    .action(async ({ plan, results }: { plan?: boolean; results: string }, command: Command) => {
      if (plan) await studyPlan(results)
      else command.help({ error: true })
    })
  for (const [name, about, work] of COMPUTED) {
    study
      .command(name)
      .description(`Write <data set>/study/${name}.json: ${about}.`)
      .option('--data <folder>', 'competition files, or couplet-dft', EMBEDDED)
      .option(
        '--runs <folder>',
        'run folders behind the results, for predictions of data whose licence keeps them',
      )
      .addOption(resultsOption())
      .action(async (_, command: Command) => {
        const call = command.optsWithGlobals<BasisCall & { plan?: boolean }>()
        if (call.plan) refusePlan(name)
        await requireResults(call.results)
        await work(call)
      })
  }
  study
    .command('history')
    .description(
      'Write history.json: the leaderboard of 2019 and the ensembles of 2021, with medals.',
    )
    .addOption(resultsOption())
    .action(async (_, command: Command) => {
      const { results, plan } = command.optsWithGlobals<{ results: string; plan?: boolean }>()
      if (plan) refusePlan('history')
      await requireResults(results)
      await studyHistory(results)
    })
  training(
    study,
    'train',
    'Train every entry on five folds within the budget, score and publish.',
    [1],
    studyTrain,
  ).addOption(
    new Option('--best <n>', 'only entries that may be among the best n, by study ranks')
      .argParser(wholeNumber(1))
      .conflicts('entries'),
  )
  training(
    study,
    'sizes',
    'Learning curves: train on shares of the molecules.',
    [1, 2, 3],
    studySizes,
  ).addHelpText(
    'after',
    'Points that sizes.json holds of the same settings are kept, and not trained again: to train them anew, delete it.',
  )
  training(
    study,
    'swaps',
    'Exchange one component of an entry at equal budget.',
    [1],
    studySwaps,
  ).addOption(listOption('--swaps <names>', 'swaps, with commas between them; default: all'))
  training(study, 'transfer', 'Train on couplet-dft first, then on the data.', [1], studyTransfer)
  study
    .command('job', { hidden: true })
    .description('Train one job of a study; the other commands call it.')
    .argument('<job>')
    .addOption(runsOption())
    .action(async (text: string, { runs }: { runs: string }) => {
      const job = jobSchema.parse(JSON.parse(text))
      await interruptible(async (interruption) => {
        const { folder, complete } = await runJob(job, runs, interruption)
        if (!complete) throw new Interrupted(`Saved ${folder}.`)
      })
    })
  return study
}

/** A study that trains: options that all of them have. */
function training(
  study: Command,
  name: string,
  about: string,
  seeds: readonly number[],
  work: (call: TrainCall) => Promise<void>,
): Command {
  return study
    .command(name)
    .description(about)
    .option('--data <folder>', 'competition files, or couplet-dft', EMBEDDED)
    .addOption(listOption('--entries <ids>', 'entries, with commas between them; default: all'))
    .addOption(
      new Option('--seeds <numbers>', 'seeds, with commas between them')
        .argParser((text: string) => text.split(',').map((seed) => wholeNumber(0)(seed)))
        .default(seeds, seeds.join()),
    )
    .addOption(
      new Option(
        '--budget <s>',
        'core-seconds of a training (default: 120 on couplet-dft, 300 elsewhere)',
      ).argParser(wholeNumber(1)),
    )
    .addOption(
      new Option('--processes <n>', 'trainings at the same time, one thread each')
        .argParser(wholeNumber(1))
        .default(cpus().length, 'one per core'),
    )
    .option('--plan', 'train nothing: print what is missing, and its core-hours')
    .option('--collect', 'train nothing: take what is complete')
    .addOption(runsOption())
    .addOption(resultsOption())
    .addHelpText(
      'after',
      `
Examples:
  couplet study ${name} --plan
  couplet study ${name} --entries mpnn,megnet --budget 60

Complete trainings are skipped. Ctrl-C saves a checkpoint of each; the same command goes on from there.`,
    )
    .action(async (_, command: Command) => {
      const call = command.optsWithGlobals<TrainCall>()
      await requireResults(call.results)
      await work(call)
    })
}

/** `--plan` is understood behind the name of every part; nobody who gives it expects work to begin. */
function refusePlan(name: string): never {
  throw new UsageError(
    `${name} trains nothing: it is computed from results. Leave out --plan, or ask for the whole: couplet study --plan`,
  )
}

function listOption(flags: string, about: string): Option {
  return new Option(flags, about).argParser((text: string) => {
    const names = text.split(',').filter((name) => name !== '')
    if (names.length === 0) throw new InvalidArgumentError('Give at least one name.')
    return names
  })
}
