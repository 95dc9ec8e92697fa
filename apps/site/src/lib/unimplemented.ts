/** A solution of 2019 that the project cannot re-implement. */
export interface Unimplemented {
  readonly team: string
  /** Rank and score on the private leaderboard of the competition. */
  readonly rank: number
  readonly score: number
  readonly reason: string
}

/** Among the ten best those without an entry here: nobody outside has described what they built. */
export const UNIMPLEMENTED: readonly Unimplemented[] = [
  {
    team: '4 GM and the brain',
    rank: 8,
    score: -3.00189,
    reason: 'not implemented: no public description',
  },
]
