import { COUPLING_TYPES } from '@couplet/data'
import { z } from 'zod'

export { type Architecture, architectureSchema } from './architectureSchema.ts'

/** A person who agreed to be an author, with the record of that consent. */
const authorSchema = z.strictObject({
  name: z.string().min(1),
  orcid: z.url().optional(),
  /** CRediT roles; allowed only with a consent record, which every author needs. */
  roles: z.array(z.string().min(1)).min(1),
  consent: z.strictObject({ date: z.iso.date(), link: z.url() }),
})

/** Schema of `src/entry.json`: what an entry is, whose idea, and how it departs from the original. */
export const entrySchema = z.strictObject({
  /** Kebab-case name of the architecture: equals the folder. */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  /** Name for people. */
  name: z.string().min(1),
  /** One sentence for tables and cards. */
  summary: z.string().min(1).max(280),
  /** Version of the package: results of another version are stale. */
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  /** Who had the idea: credited, not an author of this implementation. */
  originator: z.strictObject({
    team: z.string().min(1),
    /** Rank on the private leaderboard of 2019; null for entries outside the competition. */
    rank: z.int().positive().nullable(),
    /** Private leaderboard score of 2019. */
    score: z.number().nullable(),
    /** Write-up, paper or code of the originators. */
    links: z.array(z.url()),
    /** Licence of the original code in words; this package shares no code with it. */
    licence: z.string().min(1),
  }),
  /** Literature to cite. */
  citations: z.array(z.string().min(1)).min(1),
  /** Every known difference from the original. */
  deviations: z.array(z.string().min(1)),
  /** What the network reads of a molecule. */
  inputs: z.array(z.string().min(1)).min(1),
  /** Kind of partial charges read; none by default, because a user's molecule has none. */
  charges: z.enum(['none', 'gasteiger', 'mulliken']),
  /** Whether anything beside the training molecules was learnt from. */
  externalData: z.boolean(),
  licence: z.literal('MIT'),
  /** People who agreed to be named as authors. */
  authors: z.array(authorSchema),
})

/** What an entry says about itself. */
export type Entry = z.infer<typeof entrySchema>

/**
 * Checks the contents of an `entry.json`.
 * @throws Error that names each field with a problem.
 */
export function parseEntry(value: unknown): Entry {
  const parsed = entrySchema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Error(`[@couplet/model] entry.json: ${problems.join('; ')}. Mend these fields.`)
}

/** Schema of a configuration, whatever the entry: hyperparameters by name. */
export const configSchema = z.record(
  z.string(),
  // No size of a network is larger; a damaged file shall not ask for one.
  z.union([z.number().min(-1e4).max(1e4), z.string(), z.boolean()]),
)

/** Schema of a recipe: phases of training, one after the other. */
export const recipeSchema = z.array(
  z.strictObject({
    name: z.string(),
    epochs: z.int().positive(),
    batch: z.int().positive(),
    optimiser: z.enum(['adam', 'lamb']).optional(),
    learningRate: z.number(),
    warmUp: z.number(),
    schedule: z
      .array(z.tuple([z.number().min(0).max(1), z.number().nonnegative()]))
      .min(1)
      .optional(),
    weightDecay: z.number(),
    clipNorm: z.number(),
    averageDecay: z.number(),
    averageLast: z.int().positive().optional(),
    loss: z.strictObject({
      kind: z.enum(['mean-type-mae', 'ln-mae', 'l1', 'mse']),
      contributions: z.number().optional(),
      joint: z.boolean().optional(),
      types: z.array(z.enum(COUPLING_TYPES)).min(1).optional(),
    }),
    augmentation: z.enum(['none', 'rotation']),
  }),
)
