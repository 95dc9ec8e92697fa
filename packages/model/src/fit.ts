import type { MoleculeTable } from '@couplet/data'
import type { FitOptions } from './FitOptions.ts'
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
  if (!train.couplings || train.names.length === 0) {
    throw new ModelError(
      `${model.entry.id} cannot learn from ${train.names.length} molecules ${train.couplings ? '' : 'without couplings'}. Give it labelled molecules.`,
    )
  }
  if (model.kind === 'fitted') {
    const state = model.prepare(train, config)
    const weights = model.fit(train, state, config)
    const progress = { step: 1, steps: 1, workers: 1 }
    return { model, config, state, weights, seed: options.seed ?? 0, recipe: [], progress }
  }
  return new NetworkTraining(model, train, { ...options, config }).run()
}
