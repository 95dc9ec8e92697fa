import { COUPLING_TYPES } from '@couplet/data'
import { z } from 'zod'

/** Version of the form of study files. */
export const STUDY_SCHEMA_VERSION = 1

/** A line of text for people. */
export const line = z.string().trim().min(1).max(1000)
/** Id of an entry or name of a data set: lower-case words joined by hyphens. */
export const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens')
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')
export const count = z.int().nonnegative()
export const share = z.number().min(0).max(1)
export const positive = z.number().nonnegative()
/** Eight values, one for each type in the order of `COUPLING_TYPES`; null where the data hold no pair of the type. */
export const perType = <T extends z.ZodType>(item: T) =>
  z.array(item.nullable()).length(COUPLING_TYPES.length)

/** How intervals were drawn. */
export const resampling = z.strictObject({
  resamples: count.min(1),
  seed: count,
  level: z.number().gt(0).lt(1),
})

/** What trainings took: epochs of each (0 for what is fitted), and core-seconds of all folds and seeds together over their number. */
export const training = z.strictObject({ epochs: count, coreSeconds: positive })

/** A value with the ends of its interval. */
export const estimate = z.strictObject({ value: z.number(), low: z.number(), high: z.number() })

/** A file that a study was computed from. */
export const inputFile = z.strictObject({
  /** Path below `paper/results/`. */
  path: z
    .string()
    .regex(
      /^[\w-]+([./][\w-]+)+$/,
      'expected a path below paper/results/ with / between its parts',
    ),
  /** Digest of the file as it was read: where it differs from the file's now, the study is stale. */
  sha256,
})

/** What every study file begins with: which study, on which molecules, from which files, and what is not in it. */
export function studyHeader<Name extends string>(name: Name) {
  return {
    schemaVersion: z.literal(STUDY_SCHEMA_VERSION),
    /** Which study. */
    study: z.literal(name),
    /** The data set, with the digest of its files. */
    dataset: z.strictObject({ name: slug, sha256, licence: line }),
    /** The fold that was scored; `all`: every molecule by a model that had not seen it. */
    fold: z.enum(['0', '1', '2', '3', '4', 'all', 'tuning']),
    /** Sizes of the scored part. */
    counts: z.strictObject({ molecules: count, constitutions: count, pairs: count }),
    /** Committed files that it was computed from. */
    inputs: z.array(inputFile),
    /** What a complete study would hold and this one does not; null where it is complete. */
    partial: line.nullable(),
    /** What a reader must know to read the numbers rightly. */
    notes: z.array(line),
  }
}
