import { EvalError } from '../EvalError.ts'

/** Medals of Kaggle's competitions. */
export type Medal = 'gold' | 'silver' | 'bronze'

/**
 * Last ranks that win each medal in a competition of so many teams, by Kaggle's rule (kaggle.com/progression, as it stood in
 * 2019): shares are rounded down, and from 250 teams on gold is the top 10 and one more for every 500 teams.
 *
 * | teams | gold | silver | bronze |
 * | --- | --- | --- | --- |
 * | up to 99 | 10 % | 20 % | 40 % |
 * | 100 to 249 | 10 | 20 % | 40 % |
 * | 250 to 999 | 10 + 0.2 % | 50 | 100 |
 * | from 1000 | 10 + 0.2 % | 5 % | 10 % |
 *
 * @throws EvalError unless `teams` is a whole number above 0.
 */
export function medalRanks(teams: number): Record<Medal, number> {
  if (!Number.isInteger(teams) || teams < 1) {
    throw new EvalError(`The number of teams is ${teams}. Give a whole number above 0.`)
  }
  // Whole numbers throughout: 0.1 * 30 is a little more than 3.
  const part = (numerator: number, denominator: number): number =>
    Math.floor((teams * numerator) / denominator)
  if (teams < 100) return { gold: part(1, 10), silver: part(1, 5), bronze: part(2, 5) }
  if (teams < 250) return { gold: 10, silver: part(1, 5), bronze: part(2, 5) }
  const gold = 10 + part(1, 500)
  if (teams < 1000) return { gold, silver: 50, bronze: 100 }
  return { gold, silver: part(1, 20), bronze: part(1, 10) }
}

/** The medal of a rank, or null below bronze. */
export function medalOf(rank: number, ranks: Record<Medal, number>): Medal | null {
  if (rank <= ranks.gold) return 'gold'
  if (rank <= ranks.silver) return 'silver'
  return rank <= ranks.bronze ? 'bronze' : null
}
