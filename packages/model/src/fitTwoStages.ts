import { assignInnerFolds, INNER_FOLDS, selectMolecules, type MoleculeTable } from '@couplet/data'
import type { FitOptions } from './FitOptions.ts'
import type { NetworkModel } from './Model.ts'
import { NetworkTraining } from './NetworkTraining.ts'
import { withFirstStage } from './predict.ts'
import type { Recipe } from './Recipe.ts'
import type { Trained } from './Trained.ts'

/**
 * Trains a network that reads the couplings of a first stage: the networks of that stage, each without one inner fold of the molecules,
 * then the network itself. Of every molecule it reads what a network predicts that has never seen it, while it learns and when it
 * predicts alike. Steps are counted over all networks.
 */
export async function fitTwoStages(
  model: NetworkModel & Required<Pick<NetworkModel, 'firstStage'>>,
  train: MoleculeTable,
  options: FitOptions,
): Promise<Trained> {
  const { resume, start, ...settings } = options
  const recipe = resume?.recipe ?? options.recipe ?? model.recipe.small
  const first = { ...settings, recipe: forAllTypes(recipe) }
  const { runner, workers } = options
  const backend = { ...(runner ? { runner } : {}), ...(workers ? { workers } : {}) }
  const known = resume?.firstStage ?? start?.firstStage
  const parts = trainingParts(train)
  // Where each network stands: those of the first stage, then the network itself.
  const networks: Trained[] = []
  for (const [fold, part] of parts.entries()) {
    networks.push(known?.[fold] ?? (await untrained(model.firstStage, part ?? train, first, !part)))
  }
  networks.push(resume ? secondStageOf(resume) : await untrained(model, train, options))

  for (const [index, { progress }] of networks.entries()) {
    if (!progress.resume || options.signal?.aborted) continue
    const isFirst = index < parts.length
    const molecules = isFirst
      ? parts[index]!
      : await withFirstStage(assembled(networks), train, backend)
    const resumed = progress.step > 0 ? { resume: networks[index]! } : {}
    networks[index] = await new NetworkTraining(isFirst ? model.firstStage : model, molecules, {
      ...(isFirst ? first : { ...settings, recipe, ...(start ? { start } : {}) }),
      ...resumed,
      onProgress({ snapshot, ...own }) {
        const standing = (): Trained => assembled(networks.with(index, snapshot()))
        const { step, steps } = assembled(networks).progress
        options.onProgress?.({
          ...own,
          step: step - networks[index]!.progress.step + own.step,
          steps,
          phase: isFirst ? `first stage ${index + 1} of ${parts.length}, ${own.phase}` : own.phase,
          snapshot: standing,
        })
      },
    }).run()
  }
  return assembled(networks)
}

/** The molecules that each network of the first stage learns from: all but an inner fold; nothing where that leaves none. */
function trainingParts(train: MoleculeTable): (MoleculeTable | undefined)[] {
  const folds = assignInnerFolds(train)
  return Array.from({ length: INNER_FOLDS }, (_, fold) => {
    const others = [...train.names.keys()].filter((molecule) => folds[molecule] !== fold)
    return others.length > 0 ? selectMolecules(train, others) : undefined
  })
}

/** A network with random weights. @param remains whether it is not to be trained at all. */
async function untrained(
  model: NetworkModel,
  train: MoleculeTable,
  options: FitOptions,
  remains = false,
): Promise<Trained> {
  const signal = AbortSignal.abort()
  const network = await new NetworkTraining(model, train, { ...options, signal }).run()
  if (!remains) return network
  return { ...network, progress: { step: 0, steps: 0, workers: network.progress.workers } }
}

/** Both stages as one, with the steps of all networks. */
function assembled(networks: readonly Trained[]): Trained {
  const own = networks.at(-1)!
  const sum = (of: 'step' | 'steps'): number =>
    networks.reduce((total, { progress }) => total + progress[of], 0)
  const progress = { ...own.progress, step: sum('step'), steps: sum('steps') }
  return { ...own, firstStage: networks.slice(0, -1), progress }
}

/** The second stage alone, with its own steps. */
function secondStageOf({ firstStage = [], progress, ...own }: Trained): Trained {
  const rest = (of: 'step' | 'steps'): number =>
    firstStage.reduce((left, network) => left - network.progress[of], progress[of])
  return { ...own, progress: { ...progress, step: rest('step'), steps: rest('steps') } }
}

/** The first stage predicts all types, also where the second is trained for some alone. */
function forAllTypes(recipe: Recipe): Recipe {
  return recipe.map(({ loss: { types: _types, ...loss }, ...phase }) => ({ ...phase, loss }))
}
