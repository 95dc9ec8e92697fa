import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import type { HostArray, HostArrays, Tensors } from '../arrays.ts'
import { sizeOf } from '../arrays.ts'
import { mendGradients } from '../mendGradients.ts'
import type { Network } from '../Network.ts'
import { checkRank, differentiate, makeContext, namedBy } from '../networkGraph.ts'
import { checkObjective, objectiveCotangent, type Objective } from '../Objective.ts'
import type { ParameterStore } from '../ParameterStore.ts'
import { randomValues } from '../randomValues.ts'
import type { Shard, ShardBackend } from './SerialRunner.ts'

/** Runs a network op by op on a tfjs backend: where no ONNX Runtime is, and as the reference. */
export class EagerBackend implements ShardBackend {
  readonly compiled = { graphs: 0, seconds: 0 }
  readonly #network: Network
  readonly #store: ParameterStore
  readonly #backend: string
  readonly #seed: number

  /**
   * @param backend of tfjs, already registered: `wasm`, `cpu` or `tensorflow`.
   * @param seed of the random numbers of training.
   */
  constructor(network: Network, store: ParameterStore, backend: string, seed: number) {
    mendGradients()
    this.#network = network
    this.#store = store
    this.#backend = backend
    this.#seed = seed
  }

  async statistics(shard: Shard): Promise<ArrayLike<number>> {
    let values: ArrayLike<number> = []
    this.#run(() => {
      const parameters = this.#parameterTensors(this.#store.values)
      values = this.#statisticsOf(parameters, toTensors(shard.features), shard).dataSync()
    })
    return values
  }

  async addGradient(
    shard: Shard,
    objective: Objective,
    total: Float32Array,
    totals?: ArrayLike<number>,
  ): Promise<ArrayLike<number>> {
    let own: ArrayLike<number> = []
    this.#run(() => {
      const features = toTensors(shard.features)
      const trained = this.#store.slots.filter(({ trainable }) => trainable)
      const fresh = this.#parameterTensors(this.#store.values)
      const loss = (...values: Tensor[]): tf.Scalar => {
        const parameters = { ...fresh, ...namedBy(trained, values) }
        const statistics = this.#statisticsOf(parameters, features, shard)
        own = statistics.dataSync()
        checkObjective(objective, own.length)
        const cotangent = objectiveCotangent(objective, totals ?? own)
        return tf.sum(tf.mul(statistics, tf.tensor1d(cotangent)))
      }
      const gradients = differentiate(
        loss,
        trained.map(({ name }) => fresh[name]!),
        trained,
      )
      for (const [index, { offset }] of trained.entries()) {
        const values = gradients[index]!.dataSync()
        for (let k = 0; k < values.length; k++) total[offset + k]! += values[k]!
      }
    })
    return own
  }

  async forward(features: HostArrays, weights: 'values' | 'averages'): Promise<HostArrays> {
    const arrays: Record<string, HostArray> = {}
    this.#run(() => {
      const context = makeContext(false, (shape) => tf.zeros([...shape]))
      const parameters = this.#parameterTensors(this.#store[weights])
      const outputs = this.#network.forward(parameters, toTensors(features), context)
      for (const [name, tensor] of Object.entries(outputs)) {
        const data = tensor.dataSync() as Float32Array | Int32Array
        arrays[name] = { shape: tensor.shape, data: data.slice() }
      }
    })
    return arrays
  }

  async close(): Promise<void> {}

  #statisticsOf(parameters: Tensors, features: Tensors, { rank, step }: Shard): tf.Tensor1D {
    let place = 0
    const random = (shape: readonly number[]): Tensor =>
      tf.tensor(randomValues(sizeOf(shape), this.#seed, step, rank, place++), [...shape])
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
  #run(work: () => void): void {
    const previous = tf.getBackend()
    void tf.setBackend(this.#backend)
    try {
      tf.tidy(work)
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
