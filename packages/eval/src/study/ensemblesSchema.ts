import { z } from 'zod'
import {
  count,
  estimate,
  perType,
  positive,
  resampling,
  share,
  slug,
  studyHeader,
} from './studyParts.ts'

/** Weights of the entries, in the order of the file's `entries`. */
const weights = z.array(share)

/**
 * Form of `paper/results/<dataset>/study/ensembles.json`: what entries reach together.
 *
 * Every score is on pairs that took no part in fitting the weights with which they were predicted.
 */
export const ensemblesSchema = z.strictObject({
  ...studyHeader('ensembles'),
  resampling,
  /** The entries, from the lowest (best) score up; lists of weights have their order. */
  entries: z.array(slug).min(1),
  /** Every way of putting the entries together that was tried. */
  ensembles: z.array(
    z.strictObject({
      /** `cross-fitted`: weights from other constitutions than those scored. `rows-2021`: from the other half of the rows, as in 2021. `none`: nothing is fitted. */
      protocol: z.enum(['cross-fitted', 'rows-2021', 'none']),
      /** One weight per entry, one per entry and type, equal weights, or the mean of the middle predictions. */
      combination: z.enum(['single', 'per-type', 'mean', 'median']),
      /** How weights were searched for; null where nothing is fitted. */
      search: z.enum(['softmax', 'pairwise']).nullable(),
      score: estimate,
      /** MAE of each type in hertz. */
      maes: perType(positive),
      /** The best single entry on the same pairs. */
      bestSingle: z.strictObject({ entry: slug, score: z.number() }),
      /** Score of the best single entry less that of the ensemble: above 0 where the ensemble is better. */
      gain: estimate,
      /** Entries with a weight above 0.01, in any type; null where nothing is fitted. */
      modelsAbove: count.nullable(),
      /** One list for `single`, eight for `per-type` (means over the fits); null where nothing is fitted. */
      weights: z.array(weights.nullable()).nullable(),
    }),
  ),
  /** What remains without the best entries: refitted with all but the first `leftOut` of `entries`. */
  leaveOutBest: z.array(
    z.strictObject({
      leftOut: count,
      bestSingle: z.number(),
      score: z.number(),
      gain: z.number(),
      modelsAbove: count,
    }),
  ),
})

/** What `ensembles.json` holds; see {@link ensemblesSchema}. */
export type EnsemblesStudy = z.infer<typeof ensemblesSchema>
