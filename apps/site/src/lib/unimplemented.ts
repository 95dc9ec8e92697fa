import { readHistory } from './studies.ts'

/** A solution of 2019 that the project cannot re-implement. */
export interface Unimplemented {
  readonly team: string
  /** Rank and score on the private leaderboard of the competition. */
  readonly rank: number
  readonly score: number | null
  readonly reason: string
}

/** Among the ten best those without an entry here: nobody outside has described what they built. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['4 GM and the brain', 'not implemented: no public description'],
])

/** These solutions with their places in the record of 2019; none where it is missing. */
export const UNIMPLEMENTED: readonly Unimplemented[] = (readHistory()?.leaderboard ?? []).flatMap(
  ({ team, rank, private: score }) => {
    const reason = team === null ? undefined : REASONS.get(team)
    return team === null || reason === undefined ? [] : [{ team, rank, score, reason }]
  },
)
