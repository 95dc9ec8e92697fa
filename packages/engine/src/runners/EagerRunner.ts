import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { adamUpdate } from '../adamUpdate.ts'
import type { HostArray, HostArrays, Tensors } from '../arrays.ts'
import { checkArrays, sizeOf } from '../arrays.ts'
import { EngineError } from '../EngineError.ts'
import { mendGradients } from '../mendGradients.ts'
import type { Network } from '../Network.ts'
import { checkRank, differentiate, makeContext } from '../networkGraph.ts'
import { checkObjective, objectiveCotangent, objectiveValue, type Objective } from '../Objective.ts'
import type { ParameterStore } from '../ParameterStore.ts'
import type { Runner, RunnerName, StepReport, TrainingStep } from '../Runner.ts'
import { randomValues } from '../randomValues.ts'

/** Settings of the eager runner. */
export interface EagerRunnerOptions {
  /** The tfjs backend to run on, already registered: `wasm`, `cpu` or `tensorflow`. */
  readonly backend: string
  /** Name and reason for logs. */
  readonly name: RunnerName
  readonly reason: string
  /** Seed of the random numbers of training. */
  readonly seed: number
  /** First step number. */
  readonly firstStep: number
}

/** Runs the network op by op on a tfjs backend, in this thread: where no native ONNX Runtime is, and as the reference. */
export class EagerRunner implements Runner {
  readonly name: RunnerName
  readonly reason: string
  readonly workers = 1
  readonly compiled = { graphs: 0, seconds: 0 }
  readonly #network: Network
  readonly #store: ParameterStore
  readonly #options: EagerRunnerOptions
  readonly #gradient: Float32Array
  #step: number
  #isClosed = false

  /** The backend must be registered with tfjs. */
  constructor(network: Network, store: ParameterStore, options: EagerRunnerOptions) {
    mendGradients()
    this.#network = network
    this.#store = store
    this.#options = options
    this.name = options.name
    this.reason = options.reason
    this.#step = options.firstStep
    this.#gradient = new Float32Array(store.size)
  }

  async train({ shards, objective, adam, clipNorm }: TrainingStep): Promise<StepReport> {
    const report = this.#accumulate(shards, objective)
    if (Number.isFinite(report.gradientNorm)) {
      const gradientScale = report.gradientNorm > clipNorm ? clipNorm / report.gradientNorm : 1
      const { values, firstMoments, secondMoments, averages } = this.#store
      adamUpdate(
        { values, firstMoments, secondMoments, averages, gradients: this.#gradient },
        0,
        this.#store.size,
        { ...adam, gradientScale },
      )
    }
    return report
  }

  async gradient(
    shards: readonly HostArrays[],
    objective: Objective,
  ): Promise<{ loss: number; gradient: Float32Array }> {
    const { loss } = this.#accumulate(shards, objective)
    return { loss, gradient: Float32Array.from(this.#gradient) }
  }

  async forward(features: HostArrays, weights: 'values' | 'averages'): Promise<HostArrays> {
    checkArrays(features)
    return this.#withBackend(() => {
      const context = makeContext(false, (shape) => tf.zeros([...shape]))
      const outputs = this.#network.forward(
        this.#parameterTensors(this.#store[weights]),
        toTensors(features),
        context,
      )
      const arrays: Record<string, HostArray> = {}
      for (const [name, tensor] of Object.entries(outputs)) {
        const data = tensor.dataSync() as Float32Array | Int32Array
        arrays[name] = { shape: tensor.shape, data: data.slice() }
      }
      return () => arrays // a function, because tf.tidy walks every element of a returned array
    })()
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }

  /** Sums statistics and gradients over shards, one after the other. */
  #accumulate(shards: readonly HostArrays[], objective: Objective): StepReport {
    if (shards.length === 0) {
      throw new EngineError('a step has no shards. Give it at least one batch.')
    }
    for (const features of shards) checkArrays(features)
    const step = this.#step++
    const totals = new Float64Array(objective.weights.length)
    const add = (statistics: Tensor): void => {
      const values = statistics.dataSync()
      checkObjective(objective, values.length)
      for (let k = 0; k < totals.length; k++) totals[k]! += values[k]!
    }
    // Only a loss that is no sum needs the totals before the gradient: a forward pass of its own.
    const first = objective.kind === 'log'
    if (first) {
      for (const [rank, features] of shards.entries()) {
        this.#withBackend(() => {
          const parameters = Object.values(this.#parameterTensors(this.#store.values))
          add(this.#statisticsOf(parameters, toTensors(features), rank, step))
        })
      }
    }
    const cotangent = objectiveCotangent(objective, totals)
    this.#gradient.fill(0)
    for (const [rank, features] of shards.entries()) {
      this.#withBackend(() => {
        const tensors = toTensors(features)
        const factors = tf.tensor1d(cotangent)
        const { slots } = this.#store
        const loss = (...values: Tensor[]): tf.Scalar => {
          const statistics = this.#statisticsOf(values, tensors, rank, step)
          if (!first) add(statistics)
          return tf.sum(tf.mul(statistics, factors))
        }
        const gradients = differentiate(
          loss,
          Object.values(this.#parameterTensors(this.#store.values)),
          slots,
        )
        for (const [index, { offset }] of slots.entries()) {
          const values = gradients[index]!.dataSync()
          for (let k = 0; k < values.length; k++) this.#gradient[offset + k]! += values[k]!
        }
      })
    }
    const squares = this.#gradient.reduce((sum, value) => sum + value * value, 0)
    const loss = objectiveValue(objective, totals)
    // As in the native runner: a loss that is no number never changes parameters.
    const gradientNorm = Number.isFinite(loss) ? Math.sqrt(squares) : NaN
    return { loss, statistics: [...totals], gradientNorm }
  }

  #statisticsOf(
    values: readonly Tensor[],
    features: Tensors,
    rank: number,
    step: number,
  ): tf.Tensor1D {
    const parameters = Object.fromEntries(
      this.#store.slots.map(({ name }, index) => [name, values[index]!]),
    )
    let place = 0
    const random = (shape: readonly number[]): Tensor =>
      tf.tensor(randomValues(sizeOf(shape), this.#options.seed, step, rank, place++), [...shape])
    const context = makeContext(true, random)
    const outputs = this.#network.forward(parameters, features, context)
    return checkRank(this.#network.statistics(outputs, features))
  }

  #parameterTensors(vector: Float32Array): Tensors {
    return Object.fromEntries(
      this.#store.slots.map(({ name, shape, offset, size }) => [
        name,
        tf.tensor(Float32Array.from(vector.subarray(offset, offset + size)), [...shape]),
      ]),
    )
  }

  /** Runs on this runner's backend, frees every tensor, and gives the previous backend back. */
  #withBackend<T extends (() => HostArrays) | void>(run: () => T): T {
    if (this.#isClosed) {
      throw new EngineError('the runner was closed. Make a new one to go on.')
    }
    const previous = tf.getBackend()
    void tf.setBackend(this.#options.backend)
    try {
      return tf.tidy(run as () => tf.TensorContainer) as T
    } finally {
      if (previous) void tf.setBackend(previous)
    }
  }
}

function toTensors(features: HostArrays): Tensors {
  return Object.fromEntries(
    Object.entries(features).map(([name, { shape, data }]) => [
      name,
      tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32'),
    ]),
  )
}
