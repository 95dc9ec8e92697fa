import { z } from 'zod'
import {
  count,
  estimate,
  line,
  positive,
  resampling,
  slug,
  studyHeader,
  training,
} from './studyParts.ts'

/** Core-seconds of each training; null where the entry's own number of epochs was trained. */
const budget = positive.nullable()

/** Form of `paper/results/<dataset>/study/sizes.json`: score against number of training molecules, and against core-seconds. */
export const sizesSchema = z.strictObject({
  ...studyHeader('sizes'),
  budget,
  entries: z.array(
    z.strictObject({
      entry: slug,
      /** Digest of the entry's version, hyperparameters and recipe: a later call keeps points of the same alone. */
      settings: z.string().regex(/^[0-9a-f]{16}$/, 'expected 16 hexadecimal digits'),
      /** One training each. */
      points: z.array(
        z.strictObject({
          /** Constitutions that were trained on. */
          constitutions: count.min(1),
          /** Molecules that were trained on, conformers counted. */
          molecules: count.min(1),
          seed: count,
          score: z.number(),
          training,
        }),
      ),
      /** Trainings on all molecules with other core-seconds; learning rates fall to 0 in each. Absent: not trained yet. */
      byBudget: z
        .array(z.strictObject({ budget: positive, seed: count, score: z.number(), training }))
        .optional(),
      /** Least-squares line `score = intercept + slope ln(molecules)`, extrapolated; null with fewer than three sizes. */
      fit: z
        .strictObject({
          intercept: z.number(),
          slope: z.number(),
          /** Spread of the points about the line. */
          deviation: positive,
          /** Scores beyond the largest size that was trained on: an extrapolation, no measurement. */
          extrapolated: z.array(z.strictObject({ molecules: count, score: z.number() })),
        })
        .nullable(),
    }),
  ),
})

/** What `sizes.json` holds; see {@link sizesSchema}. */
export type SizesStudy = z.infer<typeof sizesSchema>

/** Form of `paper/results/<dataset>/study/swaps.json`: one component exchanged at equal budget. */
export const swapsSchema = z.strictObject({
  ...studyHeader('swaps'),
  budget,
  resampling,
  swaps: z.array(
    z.strictObject({
      /** Name of the swap. */
      swap: slug,
      entry: slug,
      /** The component, for example `distance bias in attention`. */
      component: line,
      /** The setting that differs, `name=value`, as it is in the entry and as it was exchanged. */
      from: line,
      to: line,
      seeds: z.array(count).min(1),
      /** Mean score with the entry's own setting and with the other. */
      score: z.number(),
      swapped: z.number(),
      /** Score with the other setting less that with the entry's own: above 0 where the component helps. */
      difference: estimate,
      /** Interval of the same that holds for all swaps at once, by Bonferroni's inequality. */
      atOnce: z.strictObject({ low: z.number(), high: z.number() }),
      /** With the entry's own setting and with the other: equal core-seconds, and as many epochs as these pay for. */
      training: z.strictObject({ own: training, swapped: training }),
    }),
  ),
})

/** What `swaps.json` holds; see {@link swapsSchema}. */
export type SwapsStudy = z.infer<typeof swapsSchema>

/** Form of `paper/results/<dataset>/study/transfer.json`: trained on other data first, or not. */
export const transferSchema = z.strictObject({
  ...studyHeader('transfer'),
  budget,
  resampling,
  /** What was trained on first. */
  pretraining: z.strictObject({
    dataset: slug,
    sha256: z.string(),
    /** Molecules that were trained on first. */
    molecules: count,
    /** Molecules left out because their constitution occurs in the data set that is scored. */
    dropped: z.strictObject({ molecules: count, constitutions: count }),
  }),
  entries: z.array(
    z.strictObject({
      entry: slug,
      seeds: z.array(count).min(1),
      /** Mean score trained on the data set alone, and after the other. */
      without: z.number(),
      with: z.number(),
      /** Score with pre-training less that without: below 0 where it helps. */
      difference: estimate,
      /** On the data set that is scored. */
      training: z.strictObject({ without: training, with: training }),
    }),
  ),
})

/** What `transfer.json` holds; see {@link transferSchema}. */
export type TransferStudy = z.infer<typeof transferSchema>
