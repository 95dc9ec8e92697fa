import { checkArrays, type HostArrays } from '../arrays.ts'
import { EngineError } from '../EngineError.ts'
import { checkUpdate, checkWeights } from '../checkUpdate.ts'
import { checkObjective, objectiveValue, type Objective } from '../Objective.ts'
import { optimiserUpdate } from '../optimiserUpdate.ts'
import type { ParameterStore } from '../ParameterStore.ts'
import type { Runner, RunnerName, StepReport, TrainingStep } from '../Runner.ts'

/** A part of a batch, and what fixes its random numbers. */
export interface Shard {
  readonly features: HostArrays
  /** Number of the step. */
  readonly step: number
  /** Number of the shard in its batch. */
  readonly rank: number
}

/** What computes for a {@link SerialRunner}: one shard at a time, with the parameters as they are. */
export interface ShardBackend {
  /** See {@link Runner.compiled}. */
  readonly compiled: Runner['compiled']
  /** Statistics of a shard, `[k]`. */
  statistics(shard: Shard): Promise<ArrayLike<number>>
  /**
   * Adds the gradient of a shard to `total`.
   * @param totals the batch's statistics; where they are left out, those of this shard are all there are.
   * @returns the shard's statistics.
   */
  addGradient(
    shard: Shard,
    objective: Objective,
    total: Float32Array,
    totals?: ArrayLike<number>,
  ): Promise<ArrayLike<number>>
  /** Outputs without dropout. */
  forward(features: HostArrays, weights: 'values' | 'averages'): Promise<HostArrays>
  /** Frees memory. */
  close(): Promise<void>
}

/** Settings of a serial runner. */
export interface SerialRunnerOptions {
  /** Name and reason for logs. */
  readonly name: RunnerName
  readonly reason: string
  /** First step number: continues the stream of random numbers after a resume. */
  readonly firstStep: number
}

/** Runs a network in this thread, shard after shard and call after call. */
export class SerialRunner implements Runner {
  readonly name: RunnerName
  readonly reason: string
  readonly workers = 1
  readonly #backend: ShardBackend
  readonly #store: ParameterStore
  readonly #gradient: Float32Array
  #step: number
  #queue: Promise<unknown> = Promise.resolve()
  #closing: Promise<void> | undefined

  /** The backend must compute with the parameters of `store`. */
  constructor(
    backend: ShardBackend,
    store: ParameterStore,
    { name, reason, firstStep }: SerialRunnerOptions,
  ) {
    this.#backend = backend
    this.#store = store
    this.name = name
    this.reason = reason
    this.#step = firstStep
    this.#gradient = new Float32Array(store.trainable)
  }

  get compiled(): Runner['compiled'] {
    return this.#backend.compiled
  }

  train({ shards, objective, adam, clipNorm }: TrainingStep): Promise<StepReport> {
    return this.#inTurn(async () => {
      checkUpdate({ adam, clipNorm })
      const report = await this.#accumulate(shards, objective)
      if (Number.isFinite(report.gradientNorm)) {
        const gradientScale = report.gradientNorm > clipNorm ? clipNorm / report.gradientNorm : 1
        const { values, firstMoments, secondMoments, averages, trainable, slots } = this.#store
        const gradients = this.#gradient
        const vectors = { values, firstMoments, secondMoments, averages, gradients }
        optimiserUpdate(vectors, slots, 0, trainable, { ...adam, gradientScale })
      }
      return report
    })
  }

  gradient(
    shards: readonly HostArrays[],
    objective: Objective,
  ): Promise<{ loss: number; gradient: Float32Array }> {
    return this.#inTurn(async () => {
      const { loss } = await this.#accumulate(shards, objective)
      return { loss, gradient: Float32Array.from(this.#gradient) }
    })
  }

  forward(features: HostArrays, weights: 'values' | 'averages'): Promise<HostArrays> {
    return this.#inTurn(async () => {
      checkWeights(weights)
      checkArrays(features)
      return this.#backend.forward(features, weights)
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#queue.then(() => this.#backend.close())
    return this.#closing
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing) {
      return Promise.reject(new EngineError('the runner was closed. Make a new one to go on.'))
    }
    const result = this.#queue.then(work)
    this.#queue = result.catch(() => undefined)
    return result
  }

  /** Sums statistics and gradients over shards, one after the other. */
  async #accumulate(shards: readonly HostArrays[], objective: Objective): Promise<StepReport> {
    if (shards.length === 0) {
      throw new EngineError('a step has no shards. Give it at least one batch.')
    }
    for (const features of shards) checkArrays(features)
    const step = this.#step++
    const parts = shards.map((features, rank): Shard => ({ features, step, rank }))
    // A loss that is no sum needs the totals before the gradient: with several shards, a forward pass of its own.
    const first = objective.kind === 'log' && parts.length > 1
    const totals = new Float64Array(objective.weights.length)
    const add = (statistics: ArrayLike<number>): void => {
      checkObjective(objective, statistics.length)
      for (let k = 0; k < totals.length; k++) totals[k]! += statistics[k]!
    }
    if (first) for (const part of parts) add(await this.#backend.statistics(part))
    this.#gradient.fill(0)
    for (const part of parts) {
      const known = first ? totals : undefined
      const statistics = await this.#backend.addGradient(part, objective, this.#gradient, known)
      if (!first) add(statistics)
    }
    const squares = this.#gradient.reduce((sum, value) => sum + value * value, 0)
    const loss = objectiveValue(objective, totals)
    // As in the native runner: a loss that is no number never changes parameters.
    const gradientNorm = Number.isFinite(loss) ? Math.sqrt(squares) : NaN
    return { loss, statistics: [...totals], gradientNorm }
  }
}
