import { z } from 'zod'

/** Lengths of an array: names of axes, products of them such as `atoms * heads`, or numbers. */
const shape = z.array(z.union([z.string().min(1), z.int().nonnegative()]))

/**
 * Schema of `paper/architectures/<entry>.json`: what a network computes, step by step, recorded while its `forward` was traced.
 * A step is a function that `forward` calls.
 */
export const architectureSchema = z.strictObject({
  schemaVersion: z.literal(1),
  entry: z.strictObject({ id: z.string(), version: z.string() }),
  /** Hyperparameters of the preset that was traced, and what the original had. */
  small: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  published: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  /** Numbers that training learns. */
  parameters: z.int().nonnegative(),
  /** What the network reads of molecules. */
  features: z.array(z.strictObject({ name: z.string(), shape })),
  /** In the order in which they first run. */
  steps: z.array(
    z.strictObject({
      /** Name of the function. */
      name: z.string(),
      /** What it says about itself; null where it says nothing. */
      about: z.string().nullable(),
      /** How often it runs. */
      times: z.int().positive(),
      /** Numbers that it alone, or it with others, learns. */
      parameters: z.int().nonnegative(),
      /** Features that it reads. */
      reads: z.array(z.string()),
      /** Steps whose results it reads; a step that runs several times may read its own. */
      from: z.array(z.string()),
      /** Shapes of what later steps, or the outputs, read of it. */
      gives: z.array(shape),
    }),
  ),
})

/** What a network computes; see {@link architectureSchema}. */
export type Architecture = z.infer<typeof architectureSchema>
