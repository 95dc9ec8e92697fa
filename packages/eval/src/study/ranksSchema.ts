import { z } from 'zod'
import { count, estimate, positive, resampling, share, slug, studyHeader } from './studyParts.ts'

/**
 * Form of `paper/results/<dataset>/study/ranks.json`: which entries can be told apart.
 *
 * A score here is that of a single network, averaged over its seeds.
 */
export const ranksSchema = z.strictObject({
  ...studyHeader('ranks'),
  resampling,
  /** Critical value of the largest standardised difference over all pairs of entries. */
  criticalValue: positive,
  /** Spread of the score between seeds of one entry, pooled over the entries that have several; null where none has. */
  seedDeviation: positive.nullable(),
  /** From the lowest (best) score up. */
  entries: z.array(
    z.strictObject({
      entry: slug,
      /** Seeds that the score is averaged over. */
      seeds: z.array(count).min(1),
      /** Mean score of a single network, with the interval of one entry by itself. */
      score: estimate,
      /** Spread of the score between the seeds; null with one seed. */
      seedDeviation: positive.nullable(),
      /** Ranks that the data leave open, at the level of the whole table at once. */
      rank: z.strictObject({ best: count.min(1), worst: count.min(1) }),
    }),
  ),
  /** `[entries][entries]`: share of resamples in which the row's entry scores better than the column's; 0.5 with itself. */
  probabilityBetter: z.array(z.array(share)),
  /** Every pair of entries, the better one first. */
  differences: z.array(
    z.strictObject({
      better: slug,
      worse: slug,
      /** Score of `better` less that of `worse` (negative), with the interval of this pair alone. */
      difference: estimate,
      /** Ends of the interval that holds for all pairs at once. */
      simultaneous: z.strictObject({ low: z.number(), high: z.number() }),
      /** Whether the simultaneous interval excludes zero. */
      separated: z.boolean(),
      /** Further molecules with which four in five such data sets would separate the pair; 0 where they are separated; null where more seeds are needed, or nothing differs. */
      moreMolecules: count.nullable(),
    }),
  ),
  /** Largest sets of entries no two of which are separated: they share their ranks. */
  ties: z.array(z.array(slug).min(1)),
})

/** What `ranks.json` holds; see {@link ranksSchema}. */
export type RanksStudy = z.infer<typeof ranksSchema>
