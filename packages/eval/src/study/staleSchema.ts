import { z } from 'zod'
import { line, slug, STUDY_SCHEMA_VERSION } from './studyParts.ts'

/** Form of `paper/results/stale.json`: results about other versions or settings of their entries than are here. */
export const staleSchema = z.strictObject({
  schemaVersion: z.literal(STUDY_SCHEMA_VERSION),
  study: z.literal('stale'),
  results: z.array(
    z.strictObject({
      dataset: slug,
      entry: slug,
      /** In what the entry has changed since. */
      reason: line,
    }),
  ),
})
