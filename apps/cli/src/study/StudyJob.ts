import { foldKey, selectMolecules } from '@couplet/data'
import { sha256 } from '@couplet/data/node'
import { presetConfig, type AnyModel, type Config, type Recipe } from '@couplet/model'
import { z } from 'zod'
import { createRun } from '../createRun.ts'
import { readDataset, type Dataset } from '../Dataset.ts'
import { entryOf } from '../entries.ts'
import type { Interruption } from '../Interrupted.ts'
import { FOLD_NAMES, splitOf, type Run, type RunPlan } from '../Run.ts'
import { openStart } from '../startOf.ts'
import { isComplete, trainRun } from '../trainRun.ts'
import { swapOf } from './swaps.ts'

/** One training of a study. */
export const jobSchema = z.strictObject({
  entry: z.string(),
  /** Where the data are, as for `couplet train`. */
  data: z.string(),
  fold: z.enum(FOLD_NAMES),
  seed: z.int().nonnegative(),
  /** Core-seconds. */
  budget: z.number().positive(),
  /** Epochs of each phase of the recipe; as many as the budget pays for unless given. */
  epochs: z.array(z.int().positive()).optional(),
  /** Share of the training constitutions that is trained on; all unless given. */
  share: z.number().gt(0).lt(1).optional(),
  /** Name of the component that is exchanged. */
  swap: z.string().optional(),
  /** Molecules whose constitution occurs in these data are left out. */
  without: z.string().optional(),
  /** Run folder of the training whose weights it starts from. */
  from: z.string().optional(),
})

/** What a training of a study is. */
export type StudyJob = z.infer<typeof jobSchema>

/** Reads the molecules of a job, those that it leaves out excepted. */
export async function datasetOf(job: StudyJob): Promise<Dataset> {
  const dataset = await readDataset(job.data)
  if (job.share !== undefined) return withShare(dataset, job.fold, job.share)
  if (job.without !== undefined) return withoutShared(dataset, await readDataset(job.without))
  return dataset
}

/**
 * A share of the training constitutions of a fold, with all their molecules, and the fold's held-out molecules. Smaller shares are
 * parts of larger ones.
 */
export function withShare(dataset: Dataset, fold: StudyJob['fold'], share: number): Dataset {
  const { train, test } = splitOf(dataset.table, fold)
  // The first 24 digits of a key decide its fold and inner fold; the others are independent of these.
  const keys = train.names.map((_, molecule) => foldKey(train, molecule).slice(24))
  const sorted = [...new Set(keys)].toSorted()
  const chosen = new Set(sorted.slice(0, Math.max(1, Math.round(share * sorted.length))))
  const names = new Set([
    ...train.names.filter((_, molecule) => chosen.has(keys[molecule]!)),
    ...(test?.names ?? []),
  ])
  return restricted(dataset, (name) => names.has(name), `share ${share} of fold ${fold}`)
}

/** The molecules whose constitution does not occur in other data. */
export function withoutShared(dataset: Dataset, other: Dataset): Dataset {
  const { table } = other
  const known = new Set(table.names.map((_, molecule) => foldKey(table, molecule)))
  return restricted(
    dataset,
    (_, molecule) => !known.has(foldKey(dataset.table, molecule)),
    `without ${other.sha256}`,
  )
}

function restricted(
  dataset: Dataset,
  isKept: (name: string, molecule: number) => boolean,
  how: string,
): Dataset {
  const { table } = dataset
  const kept = [...table.names.keys()].filter((molecule) =>
    isKept(table.names[molecule]!, molecule),
  )
  return {
    ...dataset,
    table: selectMolecules(table, kept),
    sha256: sha256(`${dataset.sha256} ${how}`),
  }
}

/** Configuration and recipe of a job, the number of epochs aside. */
export function settingsOf(job: StudyJob, model: AnyModel): { config: Config; recipe: Recipe } {
  const own = {
    config: presetConfig(model, 'small'),
    recipe: model.kind === 'network' ? model.recipe.small : [],
  }
  return job.swap === undefined ? own : swapOf(job.swap).apply(own)
}

/** Trains a job's run, or goes on with it; returns its folder, and whether it is complete. */
export async function runJob(
  job: StudyJob,
  runs: string,
  interruption: Interruption,
): Promise<{ folder: string; complete: boolean }> {
  const model = entryOf(job.entry)
  const dataset = await datasetOf(job)
  const options = { ...interruption, workers: 1 }
  const start = job.from === undefined ? undefined : await openStart(job.from)
  const { fold, seed, budget, epochs } = job
  const choices = {
    ...settingsOf(job, model),
    ...(start ? { from: start.from } : {}),
    fold,
    seed,
    budget,
  }
  const run = await createRun(model, dataset, choices, runs, { ...options, epochs })
  const trained = await trainRun(run, model, dataset, options)
  return { folder: run.folder, complete: isComplete(trained) }
}

/** The complete run of a job among runs, if it is there. */
export function findRun(
  job: StudyJob,
  dataset: Dataset,
  complete: readonly Run[],
): Run | undefined {
  const model = entryOf(job.entry)
  const { config, recipe } = settingsOf(job, model)
  const identity = (plan: Omit<RunPlan, 'dataset'>, data: string): string =>
    JSON.stringify([
      plan.entry.id,
      plan.entry.version,
      data,
      plan.fold,
      plan.seed,
      plan.budget ?? null,
      plan.from?.folder ?? null,
      Object.entries(plan.config).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      plan.recipe.map((phase) => ({ ...phase, epochs: null })),
    ])
  const wanted = identity(
    {
      entry: model.entry,
      fold: job.fold,
      config,
      recipe,
      seed: job.seed,
      ...(model.kind === 'network' ? { budget: job.budget } : {}),
      ...(job.from === undefined ? {} : { from: { folder: job.from, sha256: '' } }),
    },
    dataset.sha256,
  )
  return complete.find(({ plan }) => identity(plan, plan.dataset.sha256) === wanted)
}
