import type { MoleculeTable } from '@couplet/data'
import {
  createRunner,
  initialiseParameters,
  ParameterStore,
  type Runner,
  type StepReport,
} from '@couplet/engine'
import { asNetwork } from './asNetwork.ts'
import { axisSizes, type AxisSizes } from './batches.ts'
import type { FitOptions } from './FitOptions.ts'
import type { Config, NetworkModel, State } from './Model.ts'
import { ModelError } from './ModelError.ts'
import { PhaseBatches, type PreparedBatch } from './PhaseBatches.ts'
import { averageDecayAt, learningRateAt, type Phase, type Recipe } from './Recipe.ts'
import type { Trained } from './Trained.ts'

/** Constants of the optimisers, the same for every entry (Kingma and Ba 2015; You et al. 2020). */
const OPTIMISERS = {
  adam: { optimiser: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  lamb: { optimiser: 'lamb', beta1: 0.9, beta2: 0.999, epsilon: 1e-6 },
} as const

/** One training of a network, from fresh parameters or from where a checkpoint left off. */
export class NetworkTraining {
  readonly #model: NetworkModel
  readonly #train: MoleculeTable
  readonly #options: FitOptions
  readonly #seed: number
  readonly #recipe: Recipe
  readonly #state: State
  readonly #store: ParameterStore
  readonly #sizes: AxisSizes
  readonly #steps: number
  readonly #started = performance.now()
  #workers: number | undefined
  /** Name and reason of the runner used last. */
  #runner: string
  /** Steps done over all phases. */
  #step: number
  /** Molecules trained on by this object. */
  #molecules = 0

  /** Initialises or restores the parameters; nothing runs yet. */
  constructor(model: NetworkModel, train: MoleculeTable, options: FitOptions) {
    const { resume, config } = options
    this.#model = model
    this.#train = train
    this.#options = options
    this.#seed = resume?.seed ?? options.seed ?? 0
    this.#recipe = resume?.recipe ?? options.recipe ?? model.recipe.small
    const start = resume ? undefined : options.start
    if (start) checkStart(start, model, config)
    this.#state = resume?.state ?? start?.state ?? model.prepare(train, config)
    const spec = model.parameters(config, this.#state)
    this.#store = resume ? restoredParameters(spec, resume) : initialiseParameters(spec, this.#seed)
    if (start) {
      this.#store.assign(start.weights)
      this.#store.averages.set(this.#store.values)
    }
    this.#step = resume?.progress.step ?? 0
    this.#workers = resume?.progress.workers ?? options.workers
    this.#runner = resume?.runner ?? 'not trained yet'
    this.#sizes = axisSizes(train, model.sizes(train, this.#state, config))
    this.#steps = this.#recipe.reduce((sum, phase) => sum + this.#stepsOf(phase), 0)
  }

  /** Trains to the end of the recipe, or until the signal. */
  async run(): Promise<Trained> {
    let first = 0
    for (const [index, phase] of this.#recipe.entries()) {
      const last = first + this.#stepsOf(phase)
      if (this.#step < last && !this.#options.signal?.aborted) {
        await this.#runPhase(index, phase, first, last)
      }
      first = last
    }
    return this.#snapshot()
  }

  async #runPhase(index: number, phase: Phase, first: number, last: number): Promise<void> {
    if (this.#step === first) {
      this.#store.firstMoments.fill(0)
      this.#store.secondMoments.fill(0)
    }
    const { runner: name, config } = this.#options
    const runner = await createRunner(asNetwork(this.#model, config, phase.loss), this.#store, {
      ...(name ? { runner: name } : {}),
      ...(this.#workers ? { workers: this.#workers } : {}),
      seed: this.#seed,
      firstStep: this.#step + 1,
    })
    this.#workers = runner.workers
    this.#runner = `${runner.name}: ${runner.reason}`
    try {
      const batches = new PhaseBatches(this.#model, this.#train, this.#state, config, phase, {
        sizes: this.#sizes,
        seed: this.#seed + 7919 * index,
        workers: runner.workers,
      })
      const prepare = (step: number): PreparedBatch | undefined =>
        step < last ? batches.prepare(step - first) : undefined
      let next = prepare(this.#step)
      while (next && !this.#options.signal?.aborted) {
        const batch = next
        const running = this.#takeStep(runner, phase, batch, this.#step - first, last - first)
        running.catch(() => {}) // awaited below, unless featurising fails first
        next = prepare(this.#step + 1) // featurised while the workers compute
        const report = await running
        this.#step += 1
        this.#molecules += batch.molecules
        this.#check(report)
        this.#announce(report, runner, batches, phase, this.#step - first, last - first)
      }
    } finally {
      await runner.close()
    }
  }

  #takeStep(
    runner: Runner,
    phase: Phase,
    { shards, objective }: PreparedBatch,
    step: number,
    steps: number,
  ): Promise<StepReport> {
    const { weightDecay } = phase
    const clipNorm = phase.clipNorm === 0 ? Infinity : phase.clipNorm
    const learningRate = learningRateAt(phase, (step + 1) / steps)
    const averageDecay = averageDecayAt(phase, step, steps / phase.epochs)
    const constants = OPTIMISERS[phase.optimiser ?? 'adam']
    const adam = { ...constants, step: step + 1, learningRate, weightDecay, averageDecay }
    return runner.train({ shards, objective, clipNorm, adam })
  }

  #check({ loss, gradientNorm }: StepReport): void {
    if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) return
    throw new ModelError(
      `${this.#model.entry.id}: the loss became ${loss} (gradient norm ${gradientNorm}) in step ${this.#step}. Lower the learning rate or check the labels for outliers.`,
    )
  }

  #announce(
    report: StepReport,
    runner: Runner,
    batches: PhaseBatches,
    phase: Phase,
    step: number,
    steps: number,
  ): void {
    this.#options.onProgress?.({
      step: this.#step,
      steps: this.#steps,
      phase: phase.name,
      epoch: Math.floor((step * phase.epochs) / steps),
      epochs: phase.epochs,
      loss: report.loss,
      gradientNorm: report.gradientNorm,
      learningRate: learningRateAt(phase, step / steps),
      molecules: this.#molecules,
      seconds: (performance.now() - this.#started) / 1000,
      padding: batches.padding,
      buckets: batches.bucketCount,
      snapshot: () => this.#snapshot(),
      runner,
    })
  }

  #snapshot(): Trained {
    const { values, firstMoments, secondMoments, averages } = this.#store
    const copy = (vector: Float32Array) => this.#store.toArrays(vector)
    const position = { step: this.#step, steps: this.#steps, workers: this.#workers ?? 1 }
    const resume = {
      values: copy(values),
      firstMoments: copy(firstMoments),
      secondMoments: copy(secondMoments),
    }
    return {
      model: this.#model,
      config: this.#options.config,
      state: this.#state,
      weights: copy(averages),
      seed: this.#seed,
      recipe: this.#recipe,
      runner: this.#runner,
      progress: this.#step < this.#steps ? { ...position, resume } : position,
    }
  }

  #stepsOf({ batch, epochs }: Phase): number {
    return epochs * Math.ceil(this.#train.names.length / batch)
  }
}

function checkStart(start: Trained, { entry }: NetworkModel, config: Config): void {
  // The order of keys means nothing: it is another where a configuration was read from a file.
  const sorted = (values: Config): string =>
    JSON.stringify(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  if (start.model.entry.id === entry.id && sorted(start.config) === sorted(config)) return
  throw new ModelError(
    `${entry.id} cannot start from weights of ${start.model.entry.id} with another configuration. Start from a network of the same entry and configuration.`,
  )
}

function restoredParameters(
  spec: ReturnType<NetworkModel['parameters']>,
  { weights, progress }: Trained,
): ParameterStore {
  if (!progress.resume) {
    throw new ModelError(
      `the training is complete after ${progress.step} steps: there is nothing to resume. Start a new run.`,
    )
  }
  const store = new ParameterStore(spec)
  store.assign(progress.resume.values, store.values)
  store.assign(progress.resume.firstMoments, store.firstMoments)
  store.assign(progress.resume.secondMoments, store.secondMoments)
  store.assign(weights, store.averages)
  return store
}
