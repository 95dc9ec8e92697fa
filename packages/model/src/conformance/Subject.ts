import type { MoleculeTable } from '@couplet/data'
import { createRunner, ParameterStore, type Runner } from '@couplet/engine'
import { asNetwork } from '../asNetwork.ts'
import { axisSizes, Buckets } from '../batches.ts'
import { fit } from '../fit.ts'
import type { FitOptions } from '../FitOptions.ts'
import { presetConfig, type AnyModel, type Bucket, type Config } from '../Model.ts'
import { withFirstStage } from '../predict.ts'
import type { Loss, Recipe } from '../Recipe.ts'
import type { Trained } from '../Trained.ts'
import { trainingMolecules } from './molecules.ts'

/** Worker threads of the suite's trainings: two, so that batches are split. */
const WORKERS = 2
/** Seed of the training that most checks look at. */
const SEED = 7

/**
 * The model under test with what several checks share: one training on four molecules with the tiny preset, and one runner for
 * predictions. Make one for a model, hand it to any checks in any order, then close it.
 */
export class Subject {
  readonly model: AnyModel
  /** The tiny preset. */
  readonly config: Config
  /** Recipe of the tiny preset; empty for fitted models. */
  readonly recipe: Recipe
  #trained: Promise<Trained> | undefined
  #runner: Promise<Runner> | undefined

  constructor(model: AnyModel) {
    this.model = model
    this.config = presetConfig(model, 'tiny')
    this.recipe = model.kind === 'network' ? model.recipe.tiny : []
  }

  /** The loss of the first phase, the one that a network starts with. */
  get loss(): Loss {
    return this.recipe[0]?.loss ?? { kind: 'l1' }
  }

  /** The model after the whole tiny recipe on the training molecules; trained once. */
  trained(): Promise<Trained> {
    this.#trained ??= this.train()
    return this.#trained
  }

  /** Trains on the training molecules anew. */
  train(options: Partial<FitOptions> = {}): Promise<Trained> {
    return fit(this.model, trainingMolecules(), {
      config: this.config,
      recipe: this.recipe,
      seed: SEED,
      workers: WORKERS,
      ...options,
    })
  }

  /** Trains for a number of steps of the recipe, then stops as an interrupted run does; 0 gives the fresh parameters. */
  trainSteps(steps: number, options: Partial<FitOptions> = {}): Promise<Trained> {
    const stop = new AbortController()
    if (steps === 0) stop.abort()
    const onProgress: FitOptions['onProgress'] = ({ step }) => {
      if (step >= steps) stop.abort()
    }
    return this.train({ ...options, signal: stop.signal, onProgress })
  }

  /**
   * Couplings in hertz by the trained model, `[pairs]`, all molecules in one batch. Unlike `predict` it hands the model the table as it is,
   * labels included.
   * @param bucket shape of the batch; default: as small as it can be.
   */
  async couplings(molecules: MoleculeTable, bucket?: Bucket): Promise<Float32Array> {
    const trained = await this.trained()
    const { model, config, state, weights } = trained
    if (model.kind === 'fitted') return model.predict(weights, molecules, state, config)
    const runner = await (this.#runner ??= this.runner(trained))
    const shape = bucket ?? this.bucketOf(molecules, trained)
    const table = await withFirstStage(trained, molecules, { workers: 1 })
    const features = model.featurize(table, state, config, shape)
    const { couplings } = await runner.forward(features, 'values')
    return Float32Array.from(molecules.pairTypes, (type, pair) => {
      return state.scale.mean[type]! + state.scale.deviation[type]! * couplings!.data[pair]!
    })
  }

  /** The smallest bucket that holds these molecules. Fitted models have none: any will do. */
  bucketOf(molecules: MoleculeTable, { model, state, config }: Trained): Bucket {
    if (model.kind === 'fitted') return { molecules: 0, pairs: 0 }
    const sizes = axisSizes(molecules, model.sizes(molecules, state, config))
    const all = [...molecules.names.keys()]
    return Buckets.from(sizes, [all]).bucketFor(sizes, all)
  }

  /** A runner on the weights of a trained network, by default the fastest there is. */
  async runner(trained: Trained, name?: Runner['name'], loss = this.loss): Promise<Runner> {
    const { model, config, state, weights } = trained
    if (model.kind !== 'network') throw new Error('only networks have a runner')
    const store = new ParameterStore(model.parameters(config, state))
    store.assign(weights)
    return createRunner(asNetwork(model, config, loss), store, {
      runner: name ?? 'auto',
      workers: 1,
      seed: SEED,
    })
  }

  /** Ends the threads of the runner. */
  async close(): Promise<void> {
    const runner = await this.#runner?.catch(() => undefined)
    this.#runner = undefined
    await runner?.close()
  }
}
