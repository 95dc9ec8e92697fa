import { COUPLING_TYPES } from '@couplet/data'
import { z } from 'zod'
import { checkGroups, checkMolecules, checkTotals } from './checkResult.ts'

/** Version of the form of result files. */
export const RESULT_SCHEMA_VERSION = 1

/** Data sets whose licence lets errors of single molecules be published inside the project. */
export const OPEN_DATASETS: readonly string[] = ['couplet-dft']

const key = z.string().regex(/^[0-9a-f]{16}$/, 'expected 16 hexadecimal digits')
const line = z.string().trim().min(1).max(500)
const count = z.int().nonnegative()
const hertz = z.number().nonnegative()
/** `constitutions`: molecules that are no conformers or stereoisomers of each other; files of before lack it. */
const size = z.strictObject({
  molecules: count,
  constitutions: count.optional(),
  pairs: count,
})
// `abort`: the checks across fields below rely on eight.
const eight = <T extends z.ZodType>(item: T) =>
  z.array(item).length(COUPLING_TYPES.length, { abort: true })

/**
 * Form of `paper/results/<dataset>/<entry>.json`: what an entry scored, on what, and how that came about.
 *
 * Unknown keys are refused, and so are numbers that contradict each other: the score must follow from the types, the
 * types from the molecules where these are given. Scores are computed, never typed in.
 */
export const resultSchema = z
  .strictObject({
    schemaVersion: z.literal(RESULT_SCHEMA_VERSION),
    /** The entry and the version of its package; a result of another version than the package's is stale. */
    entry: z.strictObject({
      id: z
        .string()
        .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens'),
      version: z.string().regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/, 'expected a version such as 0.1.0'),
    }),
    /** The data set that was scored, with the digest of its files. */
    dataset: z.strictObject({
      name: z
        .string()
        .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens'),
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
      licence: line,
    }),
    /** The fold that was scored; `all`: every molecule by the fold's model that had not seen it. */
    fold: z.enum(['0', '1', '2', '3', '4', 'all', 'tuning']),
    /** Sizes of the training and the scored part. */
    counts: z.strictObject({ train: size, test: size }),
    /** Mean over the present types of ln(max(MAE, 1e-9)). */
    score: z.number(),
    /** Bootstrap interval of the score: constitutions are drawn, in files without `foldKeys` single molecules. */
    interval: z.strictObject({
      low: z.number(),
      high: z.number(),
      level: z.number().gt(0).lt(1),
      resamples: count.min(1),
      seed: count,
    }),
    /** All eight types in their order; MAE and interval in hertz, null where `count` is 0. */
    types: eight(
      z.strictObject({
        type: z.enum(COUPLING_TYPES),
        mae: hertz.nullable(),
        count,
        low: hertz.nullable(),
        high: hertz.nullable(),
      }),
    ),
    /** Hyperparameters of the run. */
    config: z.record(z.string().min(1).max(200), z.union([z.number(), z.string(), z.boolean()])),
    /** Seed of the training run. */
    seed: count,
    /** Number of trainable numbers. */
    parameters: count,
    /** Where and how fast it trained: cores are its worker threads. */
    run: z.strictObject({
      commit: z
        .string()
        .regex(/^[0-9a-f]{7,64}(-dirty)?$/, 'expected a commit hash')
        .nullable(),
      runner: line,
      device: line,
      cores: count.min(1),
      /** Largest resident memory of a fold's training in bytes; files of before lack it. */
      peakMemory: count.optional(),
      /** Wall time of training in seconds, summed over the folds. */
      seconds: z.number().nonnegative(),
      /** Processor time of training in seconds, all threads, summed over the folds; files of before lack it. */
      coreSeconds: z.number().nonnegative().optional(),
      /** Molecules trained on per second. */
      trainingMoleculesPerSecond: z.number().nonnegative(),
      /** Molecules predicted per second, loading and compiling included. */
      moleculesPerSecond: z.number().nonnegative(),
      versions: z.record(z.string().min(1).max(200), line),
      /** Day or moment of the run, ISO 8601. */
      date: z.union([z.iso.date(), z.iso.datetime()]).optional(),
    }),
    /** Partial charges that the entry was given. */
    charges: z.enum(['none', 'gasteiger', 'mulliken']),
    /** Where the predictions are (path from the result file's folder, or address), or null. */
    predictions: line.nullable(),
    /** Errors of single molecules, for paired comparison from the files alone; open data sets only. */
    molecules: z
      .strictObject({
        names: z.array(line),
        /** The first digits of each molecule's fold key: equal for conformers and stereoisomers, which are drawn together. */
        foldKeys: z.array(key).optional(),
        /** Sums of |error| in hertz, `[molecules][8]`. */
        errorSums: z.array(eight(hertz)),
        /** Numbers of pairs, `[molecules][8]`. */
        counts: z.array(eight(count)),
      })
      .optional(),
    /** Errors of groups of molecules, no sum over fewer than three pairs; data sets that are not open only, files of before lack them. */
    groups: z
      .strictObject({
        /** The first digits of the first fold key in each group. */
        keys: z.array(key),
        /** Numbers of molecules, `[groups]`. */
        molecules: z.array(count.min(1)),
        /** Sums of |error| in hertz, `[groups][8]`. */
        errorSums: z.array(eight(hertz)),
        /** Numbers of pairs, `[groups][8]`. */
        counts: z.array(eight(count)),
      })
      .optional(),
  })
  .superRefine((result, context) => {
    const report = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    checkTotals(result, report)
    const isOpen = OPEN_DATASETS.includes(result.dataset.name)
    const refuse = (path: string, what: string): void =>
      report(
        [path],
        `${what} may be published only for ${OPEN_DATASETS.join(', ')}, not for ${result.dataset.name}`,
      )
    if (result.predictions !== null && !isOpen) refuse('predictions', 'predictions')
    if (result.molecules && !isOpen) refuse('molecules', 'errors of single molecules')
    else if (result.molecules) checkMolecules(result, result.molecules, report)
    if (result.groups && isOpen) {
      report(['groups'], `are for data that are not open: ${result.dataset.name} has molecules`)
    } else if (result.groups) checkGroups(result, result.groups, report)
  })

/** A result file's contents; see {@link resultSchema}. */
export type Result = z.infer<typeof resultSchema>
