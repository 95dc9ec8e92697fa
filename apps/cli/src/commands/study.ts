import { Command } from 'commander'
import { EMBEDDED } from '../Dataset.ts'
import { resultsOption } from '../options.ts'
import { requireResults } from '../results.ts'
import type { BasisCall } from '../study/readBasis.ts'
import { studyEnsembles } from '../study/studyEnsembles.ts'
import { studyHistory } from '../study/studyHistory.ts'
import { studyRanks } from '../study/studyRanks.ts'

/** Studies that are computed from published results: name, what it says, and the work. */
const COMPUTED: readonly (readonly [string, string, (call: BasisCall) => Promise<void>])[] = [
  ['ranks', 'which entries can be told apart', studyRanks],
  ['ensembles', 'what the entries reach together', studyEnsembles],
]

/** `couplet study`: the comparison itself, one file per question below paper/results. */
export function studyCommand(): Command {
  const study = new Command('study')
    .description(
      'Compute what the site and the paper say about the comparison, and write it beside the results.',
    )
    .addHelpText(
      'after',
      `
Examples:
  couplet study ranks                                                  from committed files alone
  couplet study ranks --data ../shared/data/champs --runs runs         from the runs behind the results

Studies of couplet-dft read the published results and predictions. On other data, whose licence keeps these out of the
results, they read the run folders that were scored, and write aggregates alone.`,
    )
  for (const [name, about, work] of COMPUTED) {
    study
      .command(name)
      .description(`Write <data set>/study/${name}.json: ${about}.`)
      .option('--data <folder>', 'competition files, or couplet-dft', EMBEDDED)
      .option('--runs <folder>', 'run folders behind the results; not needed for couplet-dft')
      .addOption(resultsOption())
      .action(async (call: BasisCall) => {
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
    .action(async ({ results }: { results: string }) => {
      await requireResults(results)
      await studyHistory(results)
    })
  return study
}
