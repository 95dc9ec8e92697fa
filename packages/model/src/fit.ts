import type { MoleculeTable } from '@couplet/data'
import type { FitOptions } from './FitOptions.ts'
import { fitTwoStages } from './fitTwoStages.ts'
import type { AnyModel } from './Model.ts'
import { ModelError } from './ModelError.ts'
import { NetworkTraining } from './NetworkTraining.ts'
import type { Trained } from './Trained.ts'

/**
 * Trains a model on labelled molecules.
 * @throws ModelError where the loss stops being finite, or the molecules have no labels.
 */
export async function fit(
  model: AnyModel,
  train: MoleculeTable,
  options: FitOptions,
): Promise<Trained> {
  const config = options.resume?.config ?? options.config
  checkLabels(model, train)
  if (model.kind === 'fitted') {
    const state = model.prepare(train, config)
    const weights = model.fit(train, state, config)
    const progress = { step: 1, steps: 1, workers: 1 }
    const seed = options.seed ?? 0
    const runner = 'fitted in this thread'
    return { model, config, state, weights, seed, recipe: [], runner, progress }
  }
  const { firstStage } = model
  if (firstStage) return fitTwoStages({ ...model, firstStage }, train, { ...options, config })
  return new NetworkTraining(model, train, { ...options, config }).run()
}

function checkLabels({ entry }: AnyModel, { names, couplings, pairOffsets }: MoleculeTable): void {
  if (!couplings || names.length === 0) {
    const which = couplings ? 'molecules' : 'molecules without couplings'
    throw new ModelError(
      `${entry.id} cannot learn from ${names.length} ${which}. Give it labelled molecules.`,
    )
  }
  const gap = couplings.findIndex((value) => !Number.isFinite(value))
  if (gap < 0) return
  const molecule = pairOffsets.findLastIndex((offset) => offset <= gap)
  throw new ModelError(
    `a pair of ${names[molecule]} has no coupling, but ${entry.id} is to learn from it. Leave out molecules that are not labelled whole.`,
  )
}
