import { z } from 'zod'
import { count, positive, sha256, slug, STUDY_SCHEMA_VERSION } from './studyParts.ts'

/** Form of `paper/results/<dataset>/curves/<entry>.json`: how the training went, epoch by epoch, in every fold. */
export const curvesSchema = z.strictObject({
  schemaVersion: z.literal(STUDY_SCHEMA_VERSION),
  study: z.literal('curves'),
  entry: z.strictObject({ id: slug, version: z.string() }),
  dataset: z.strictObject({ name: slug, sha256 }),
  /** Seed of the training. */
  seed: count,
  /** Threads that trained. */
  cores: count.min(1),
  folds: z
    .array(
      z.strictObject({
        fold: z.enum(['0', '1', '2', '3', '4', 'tuning']),
        /** One row per epoch; losses of different entries are different quantities. */
        points: z.array(
          z.strictObject({
            phase: z.string().min(1),
            epoch: count,
            /** Wall seconds since the training began. */
            seconds: positive,
            /** Training loss; null where it was not finite. */
            loss: z.number().nullable(),
            learningRate: positive,
          }),
        ),
      }),
    )
    .min(1),
})

/** What a file of training curves holds; see {@link curvesSchema}. */
export type Curves = z.infer<typeof curvesSchema>
