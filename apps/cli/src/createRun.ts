import type { AnyModel } from '@couplet/model'
import type { Dataset } from './Dataset.ts'
import { recipeWithin } from './recipeWithin.ts'
import { Run, type RunPlan } from './Run.ts'
import type { TrainRunOptions } from './trainRun.ts'

/** What of a plan does not follow from the model and the data. */
type Choices = Pick<RunPlan, 'fold' | 'config' | 'recipe' | 'from' | 'budget' | 'seed'>

/**
 * The run of a model on data: its folder below `runs`, made where it is not there. A budget sets the epochs; a fitted model takes the time that
 * it takes. The folder's name comes from the plan's keys in this order, so that all commands find each other's runs.
 */
export async function createRun(
  model: AnyModel,
  dataset: Dataset,
  { fold, config, recipe, from, budget, seed }: Choices,
  runs: string,
  options: Pick<TrainRunOptions, 'workers' | 'runner' | 'signal'>,
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
  const paced = await recipeWithin(budget, model, dataset, plan, runs, options)
  return Run.create(runs, { ...plan, recipe: paced, budget })
}
