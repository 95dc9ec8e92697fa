import { COUPLING_TYPES } from '@couplet/data'
import { z } from 'zod'
import { count, line, perType, positive, slug, studyHeader } from './studyParts.ts'

/** How well labels agree with another calculation of the same level, as `paper/results/label-noise.json` holds it. */
export const noiseFloorSchema = z.strictObject({
  score: z.number(),
  low: z.number(),
  high: z.number(),
  molecules: count,
  pairs: count,
  /** MAE of each type in hertz. */
  maes: perType(positive),
  about: line,
})

/** Form of `paper/results/<dataset>/study/errors.json`: where the entries err, and where they err alike. */
export const errorsSchema = z.strictObject({
  ...studyHeader('errors'),
  /** The entries, from the lowest (best) score up; rows, columns and lists have their order. */
  entries: z.array(slug).min(1),
  /** `[entries][entries]`: Pearson correlation of residuals, each type scaled to the same spread and weight. */
  correlation: z.array(z.array(z.number().min(-1).max(1))),
  /** Complete-linkage clustering on 1 - correlation. */
  clustering: z.strictObject({
    /** The entries as the leaves of the tree from left to right. */
    order: z.array(slug),
    /** Joined clusters and their distance: 0 to n - 1 are entries, n + i is what merge i made. */
    merges: z.array(z.strictObject({ left: count, right: count, distance: positive })),
  }),
  /** Map in the plane by classical scaling of sqrt(2 (1 - correlation)): near entries err alike. */
  map: z.strictObject({
    points: z.array(z.strictObject({ entry: slug, x: z.number(), y: z.number() })),
    /** Share of the squared distances that the plane holds. */
    share: z.number().min(0).max(1),
  }),
  /** Errors by chemistry; only cells of enough pairs and molecules. */
  slices: z.array(
    z.strictObject({
      /** What the pairs are sorted by. */
      property: z.enum([
        'hybridisation',
        'ring size',
        'heteroatom on the path',
        'dihedral',
        'distance',
        'heavy atoms',
      ]),
      type: z.enum(COUPLING_TYPES),
      /** The value, or the range, of the property, for example `sp2` or `60 to 120 degrees`. */
      value: line,
      pairs: count,
      molecules: count,
      /** MAE of each entry in hertz. */
      maes: z.array(positive),
    }),
  ),
  /** The molecules that are hardest for all entries together; null where the licence forbids to name molecules. */
  hardest: z
    .array(
      z.strictObject({
        molecule: line,
        /** What it is, as SMILES, where known. */
        smiles: line.nullable(),
        pairs: count,
        /** Mean over pairs and entries of |error| / MAE of its type: 1 is as hard as others. */
        difficulty: positive,
        /** The same of each entry by itself. */
        byEntry: z.array(positive),
      }),
    )
    .nullable(),
  /** How well the labels themselves agree with another calculation: no model is measured better than that. */
  noiseFloor: noiseFloorSchema.nullable(),
})

/** What `errors.json` holds; see {@link errorsSchema}. */
export type ErrorsStudy = z.infer<typeof errorsSchema>
