import { COUPLING_TYPES } from '@couplet/data'
import { z } from 'zod'
import { count, inputFile, line, share, STUDY_SCHEMA_VERSION } from './studyParts.ts'

const score = z.number()
const day = z.iso.date()
const eight = <T extends z.ZodType>(item: T) => z.array(item).length(COUPLING_TYPES.length)
/** ln MAE in ln hertz of each type in the order of `COUPLING_TYPES`. */
const logMaes = eight(z.number())

/** Fields of the rows that are copied from the sources. */
const rows = {
  /** What the numbers are about: never to be set beside scores on hundreds of molecules. */
  about: z.strictObject({
    competition: line,
    trainingMolecules: count,
    testMolecules: count,
    teams: count.min(1),
    /** Where the rows were read. */
    sources: z.array(line).min(1),
  }),
  /** MAEs of the held-out half of the test rows: ensembles of 2021 (rank null) and single teams. */
  perType: z.array(z.strictObject({ rank: count.nullable(), name: line, logMaes, score })),
  /** Ensembles of 2021 over the final submissions of 400 teams. */
  ensembles: z.array(
    z.strictObject({
      name: line,
      score,
      /** Weights below this are not listed. */
      listedFrom: share,
      /** One weight for all types, or eight. */
      weights: z.array(z.strictObject({ rank: count, weights: z.array(share) })),
    }),
  ),
  /** The ensemble of 2021 refitted with teams of this rank or worse. */
  truncated: z.array(
    z.strictObject({
      bestRank: count,
      bestSingle: score,
      ensemble: score,
      gain: z.number(),
      modelsAbove: count,
    }),
  ),
  /** Predicting each type's mean over the training molecules. */
  typeMean: z.strictObject({ logMaes, score }),
  /** Public score of the leader, and of the best public kernel, over time. */
  leader: z.array(z.strictObject({ date: day, score })),
  publicKernels: z.array(z.strictObject({ date: day, score })),
}

/** A row of the final leaderboard; null where it was not read. */
const team = {
  rank: count.min(1),
  team: line.nullable(),
  /** Final score on the private 71 % of the test molecules. */
  private: score.nullable(),
  /** Best score on the public 29 %. */
  public: score.nullable(),
  /** False where the private score was read from a rounded picture. */
  exact: z.boolean(),
  /** Number of submissions, as written: some are ranges. */
  submissions: line.nullable(),
  /** Numbers of the write-up's threads at kaggle.com/c/champs-scalar-coupling/discussion. */
  discussions: z.array(count),
}

/** Form of the committed source rows, `paper/results/history-sources.json`. */
export const historySourcesSchema = z.strictObject({
  ...rows,
  leaderboard: z.array(z.strictObject(team)),
})

/** What the committed source rows hold. */
export type HistorySources = z.infer<typeof historySourcesSchema>

/**
 * Form of `paper/results/history.json`: the leaderboard of 2019 and the ensembles of 2021, with medals.
 *
 * All of it was trained on 85,003 molecules, and is no measure for scores on hundreds.
 */
export const historySchema = z.strictObject({
  schemaVersion: z.literal(STUDY_SCHEMA_VERSION),
  study: z.literal('history'),
  inputs: z.array(inputFile),
  ...rows,
  /** The last rank of each medal. */
  medals: z.strictObject({ gold: count, silver: count, bronze: count }),
  leaderboard: z.array(
    z.strictObject({ ...team, medal: z.enum(['gold', 'silver', 'bronze']).nullable() }),
  ),
})

/** What `history.json` holds; see {@link historySchema}. */
export type History = z.infer<typeof historySchema>
