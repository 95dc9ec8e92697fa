import type { MoleculeTable } from '@couplet/data'
import {
  createRunner,
  initialiseParameters,
  ParameterStore,
  type Runner,
  type RunnerOptions,
} from '@couplet/engine'
import { asNetwork } from './asNetwork.ts'
import { axisSizes } from './batches.ts'
import type { AnyModel, Config, NetworkModel, State } from './Model.ts'
import { ModelError } from './ModelError.ts'
import { PhaseBatches, type PreparedBatch } from './PhaseBatches.ts'
import { learningRateAt, type Phase, type Recipe } from './Recipe.ts'
import type { Trained } from './Trained.ts'

/** How to train. */
export interface FitOptions extends Pick<RunnerOptions, 'runner' | 'workers'> {
  /** Every hyperparameter; see `presetConfig`. */
  readonly config: Config
  /** Phases of training of a network; default: the model's `small` recipe. */
  readonly recipe?: Recipe
  /** Seed of initialisation, order and random numbers; default 0. */
  readonly seed?: number
  /** An unfinished training to go on with; its configuration, recipe and seed are used. */
  readonly resume?: Trained
  /** Called after every step. */
  readonly onProgress?: (progress: FitProgress) => void
  /** Stops the training after the current step; what it returns can be resumed. */
  readonly signal?: AbortSignal
}

/** State of a training after a step. */
export interface FitProgress {
  /** Steps done and in all, over all phases. */
  readonly step: number
  readonly steps: number
  /** Name of the phase, and epochs done in it. */
  readonly phase: string
  readonly epoch: number
  readonly epochs: number
  /** Loss of the step, in standardised units. */
  readonly loss: number
  /** Norm of the gradient before clipping. */
  readonly gradientNorm: number
  /** Learning rate of the step. */
  readonly learningRate: number
  /** Molecules trained on since the start of this call, and seconds since then. */
  readonly molecules: number
  readonly seconds: number
  /** Share of rows that is padding, and the shapes in use. */
  readonly padding: number
  readonly buckets: number
  /** The runner: its name, why, its workers and what it compiled. */
  readonly runner: Pick<Runner, 'name' | 'reason' | 'workers' | 'compiled'>
}

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
  return fitNetwork(model, train, { ...options, config })
}

async function fitNetwork(
  model: NetworkModel<Config, State>,
  train: MoleculeTable,
  options: FitOptions,
): Promise<Trained> {
  const { resume, config } = options
  const seed = resume?.seed ?? options.seed ?? 0
  const recipe = resume?.recipe ?? options.recipe ?? model.recipe.small
  const state = resume?.state ?? model.prepare(train, config)
  const spec = model.parameters(config, state)
  const store = resume ? restoreParameters(new ParameterStore(spec), resume) : initialiseParameters(spec, seed)
  const done = resume?.progress.step ?? 0
  const workers = resume?.progress.workers ?? options.workers
  const sizes = axisSizes(train, model.sizes(train, state, config))
  const stepsOf = ({ batch, epochs }: Phase): number => epochs * Math.ceil(train.names.length / batch)
  const steps = recipe.reduce((sum, phase) => sum + stepsOf(phase), 0)

  const started = performance.now()
  let step = 0
  let molecules = 0
  let usedWorkers = workers ?? 1
  for (const [index, phase] of recipe.entries()) {
    const phaseSteps = stepsOf(phase)
    const phaseStart = step
    if (done >= step + phaseSteps) {
      step += phaseSteps
      continue
    }
    const runner = await createRunner(asNetwork(model, config, phase.loss), store, {
      ...(options.runner ? { runner: options.runner } : {}),
      ...(workers ? { workers } : {}),
      seed,
      firstStep: Math.max(done, step) + 1,
    })
    try {
      usedWorkers = runner.workers
      const batches = new PhaseBatches(model, train, state, config, phase, {
        sizes,
        seed: seed + 7919 * index,
        workers: runner.workers,
      })
      // Featurised one step ahead, while the workers compute.
      let next: PreparedBatch | undefined
      const prepare = (at: number): PreparedBatch | undefined =>
        at < phaseStart + phaseSteps ? batches.prepare(at - phaseStart) : undefined
      if (step < done) step = done
      else {
        store.firstMoments.fill(0)
        store.secondMoments.fill(0)
      }
      next = prepare(step)
      while (next && !options.signal?.aborted) {
        const current = next
        const learningRate = learningRateAt(phase, (step - phaseStart + 1) / phaseSteps)
        const running = runner.train({
          shards: current.shards,
          objective: current.objective,
          clipNorm: phase.clipNorm,
          adam: { ...ADAM, step: step + 1 - phaseStart, learningRate, weightDecay: phase.weightDecay, averageDecay: averageDecayAt(phase, step - phaseStart) },
        })
        next = prepare(step + 1)
        const report = await running
        step += 1
        if (!Number.isFinite(report.loss) || !Number.isFinite(report.gradientNorm)) {
          throw new ModelError(
            `${model.entry.id}: the loss became ${report.loss} (gradient norm ${report.gradientNorm}) in step ${step}. Lower the learning rate or check the labels for outliers.`,
          )
        }
        molecules += current.molecules
        const perEpoch = phaseSteps / phase.epochs
        options.onProgress?.({
          step,
          steps,
          phase: phase.name,
          epoch: Math.floor((step - phaseStart) / perEpoch),
          epochs: phase.epochs,
          loss: report.loss,
          gradientNorm: report.gradientNorm,
          learningRate,
          molecules,
          seconds: (performance.now() - started) / 1000,
          padding: batches.padding,
          buckets: batches.bucketCount,
          runner,
        })
      }
    } finally {
      await runner.close()
    }
    if (options.signal?.aborted) break
  }
  const { values, firstMoments, secondMoments } = store
  const unfinished = {
    values: store.toArrays(values),
    firstMoments: store.toArrays(firstMoments),
    secondMoments: store.toArrays(secondMoments),
  }
  const progress = { step, steps, workers: usedWorkers, ...(step < steps ? { resume: unfinished } : {}) }
  return { model, config, state, weights: store.toArrays(store.averages), seed, recipe, progress }
}

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const

/** The moving average forgets faster in the first steps, so that it does not remember the random start. */
function averageDecayAt(phase: Phase, step: number): number {
  return Math.min(phase.averageDecay, (1 + step) / (10 + step))
}

function restoreParameters(store: ParameterStore, { weights, progress }: Trained): ParameterStore {
  if (!progress.resume) {
    throw new ModelError(
      `the training is complete after ${progress.step} steps: there is nothing to resume. Start a new run.`,
    )
  }
  store.assign(progress.resume.values, store.values)
  store.assign(progress.resume.firstMoments, store.firstMoments)
  store.assign(progress.resume.secondMoments, store.secondMoments)
  store.assign(weights, store.averages)
  return store
}
