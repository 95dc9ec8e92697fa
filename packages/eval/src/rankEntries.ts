import { EvalError } from './EvalError.ts'
import { compareResamples } from './comparePaired.ts'
import { scoreErrors, type ErrorTable } from './errorTable.ts'
import { resampleScores, type ResampleOptions } from './resampleScores.ts'

/** Ranks that the data leave open to an entry. */
export interface RankRange {
  /** Id of the entry. */
  readonly entry: string
  /** Score on all molecules. */
  readonly score: number
  /** Best rank: one more than the number of entries that are distinguishably better. */
  readonly best: number
  /** Worst rank: the number of entries less those that are distinguishably worse. */
  readonly worst: number
}

/**
 * Ranks entries honestly: `1-3` means that paired comparison tells the entry neither from the first nor from the third.
 *
 * All entries share the resamples. Levels are those of single pairs: among many entries some pair will look
 * distinguishable by chance, so raise `level` where that matters.
 *
 * @returns entries from the lowest (best) score up.
 * @throws EvalError when the entries were not scored on the same pairs, or an id occurs twice.
 */
export function rankEntries(
  entries: readonly { readonly entry: string; readonly errors: ErrorTable }[],
  options: ResampleOptions,
): RankRange[] {
  if (new Set(entries.map(({ entry }) => entry)).size < entries.length) {
    throw new EvalError('Two of the entries to rank have the same id. Give every entry its own.')
  }
  const { scores } = resampleScores(
    entries.map(({ errors }) => errors),
    options,
  )
  const points = entries.map(({ errors }) => scoreErrors(errors).score)
  const ranks = entries.map(({ entry }, a): RankRange => {
    let better = 0
    let worse = 0
    for (let b = 0; b < entries.length; b++) {
      if (a === b) continue
      const { interval } = compareResamples(
        scores[a]!,
        scores[b]!,
        points[a]! - points[b]!,
        options,
      )
      if (interval.low > 0) better++
      if (interval.high < 0) worse++
    }
    return { entry, score: points[a]!, best: 1 + better, worst: entries.length - worse }
  })
  return ranks.toSorted((a, b) => a.score - b.score)
}
