import type { AnyModel } from '@couplet/model'
import type { Dataset } from './Dataset.ts'
import { recipeWithin, withEpochs } from './recipeWithin.ts'
import { Run, type RunPlan } from './Run.ts'
import type { TrainRunOptions } from './trainRun.ts'

/** What of a plan does not follow from the model and the data. */
type Choices = Pick<RunPlan, 'fold' | 'config' | 'recipe' | 'from' | 'budget' | 'seed'>

/** How a run is made: with so many epochs of each phase, where given, instead of those that the budget pays for on this machine. */
type CreateRunOptions = Pick<TrainRunOptions, 'workers' | 'runner' | 'signal'> & {
  readonly epochs?: readonly number[] | undefined
}

/**
 * The run of a model on data: its folder below `runs`, made where it is not there. A budget sets the epochs; a fitted model takes the time that
 * it takes. The folder's name comes from the plan's keys in this order, so that all commands find each other's runs.
 */
export async function createRun(
  model: AnyModel,
  dataset: Dataset,
  { fold, config, recipe, from, budget, seed }: Choices,
  runs: string,
  { epochs, ...options }: CreateRunOptions,
): Promise<Run> {
  const plan: RunPlan = {
    entry: { id: model.entry.id, version: model.entry.version },
    dataset: { name: dataset.name, sha256: dataset.sha256, source: dataset.source },
    fold,
    config,
    recipe,
    ...(from ? { from } : {}),
    seed,
  }
  if (budget === undefined || model.kind === 'fitted') return Run.create(runs, plan)
  const paced =
    epochs === undefined
      ? await recipeWithin(budget, model, dataset, plan, runs, options)
      : withEpochs(recipe, epochs)
  return Run.create(runs, { ...plan, recipe: paced, budget })
}
