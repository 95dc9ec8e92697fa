import { Command } from 'commander'
import { studyHistory } from '../study/studyHistory.ts'

/** `couplet study`: the comparison itself, one file per question below paper/results. */
export function studyCommand(): Command {
  const study = new Command('study').description(
    'Compute what the site and the paper say about the comparison, and write it below paper/results.',
  )
  study
    .command('history')
    .description(
      'Write paper/results/history.json: the leaderboard of 2019 and the ensembles of 2021, with medals.',
    )
    .action(() => studyHistory())
  return study
}
