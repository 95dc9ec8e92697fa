import { EvalError } from '../EvalError.ts'
import { checkForm } from '../parseJson.ts'
import { medalOf, medalRanks } from './medals.ts'
import { historySourcesSchema, type History } from './historySchema.ts'
import { STUDY_SCHEMA_VERSION } from './studyParts.ts'

// Rounded to three decimals, eight ln MAEs may miss their mean by half a unit each, and so may the mean.
const ROUNDING = 1.001e-3

/**
 * History rows from their committed sources: checked, in order of rank, with medals.
 *
 * @param sources contents of `paper/results/history-sources.json`.
 * @param inputs the file and its digest.
 * @throws EvalError where rows contradict each other: a score that is not the mean of its types, a gain that is not the difference.
 */
export function historyStudy(sources: unknown, inputs: History['inputs']): History {
  const { leaderboard, ...rows } = checkForm(
    sources,
    historySourcesSchema,
    'history-sources.json',
    'Mend the row.',
  )
  for (const { name, logMaes, score } of [
    ...rows.perType,
    { name: 'type mean', ...rows.typeMean },
  ]) {
    const mean = logMaes.reduce((sum, value) => sum + value, 0) / logMaes.length
    check(
      Math.abs(mean - score) <= ROUNDING,
      name,
      `its types give ${mean.toFixed(4)}, not ${score}`,
    )
  }
  for (const { bestRank, bestSingle, ensemble, gain } of rows.truncated) {
    const difference = bestSingle - ensemble
    const name = `ensemble from rank ${bestRank}`
    check(Math.abs(difference - gain) <= 1.5e-3, name, `the gain is ${gain}, not ${difference}`)
  }
  const ranks = leaderboard.map(({ rank }) => rank)
  check(new Set(ranks).size === ranks.length, 'leaderboard', 'a rank occurs twice')
  const medals = medalRanks(rows.about.teams)
  return {
    schemaVersion: STUDY_SCHEMA_VERSION,
    study: 'history',
    inputs,
    ...rows,
    medals,
    leaderboard: leaderboard
      .toSorted((a, b) => a.rank - b.rank)
      .map((row) => ({ ...row, medal: medalOf(row.rank, medals) })),
  }
}

function check(holds: boolean, row: string, problem: string): void {
  if (!holds)
    throw new EvalError(`history-sources.json, ${row}: ${problem}. Compare it with its source.`)
}
