import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import type { HostArrays, Tensors } from './arrays.ts'
import {
  compileGraph,
  compileInTwo,
  type CompiledGraph,
  type CompileOptions,
  type GraphBuilder,
  type GraphInput,
} from './compileGraph.ts'
import type { Context } from './Context.ts'
import { EngineError } from './EngineError.ts'
import { PREFIX } from './graphNames.ts'
import type { Network } from './Network.ts'
import type { ParameterSlot } from './ParameterStore.ts'

/** What a graph of a network computes. */
export type GraphKind =
  /** Outputs, without dropout. */
  | 'forward'
  /** Statistics of the batch, as in training. */
  | 'statistics'
  /** Statistics, and the gradient of `sum_k cotangent[k] * statistics[k]` by every trainable parameter. */
  | 'gradient'

/** Names the graph for features of these shapes and types: equal for batches that one graph serves. */
export function graphKey(kind: GraphKind | 'training', features: HostArrays): string {
  const shapes = Object.entries(features).map(
    ([name, { shape, data }]) =>
      `${name}${data instanceof Int32Array ? ':int' : ''}[${shape.join()}]`,
  )
  return `${kind} ${shapes.join(' ')}`
}

/** Compiles one graph of a network for features of these shapes. */
export function compileNetwork(
  kind: GraphKind,
  network: Network,
  slots: readonly ParameterSlot[],
  features: HostArrays,
  options?: CompileOptions,
): CompiledGraph {
  return compileGraph(
    networkInputs(slots, features),
    networkBuilder(kind, network, slots, features),
    options,
  )
}

/** The graph of kind `gradient` in two: see {@link compileTraining}. */
export interface TrainingGraphs {
  /** Statistics, and behind them what the backward pass needs, under names with the prefix `saved`. */
  readonly forward: CompiledGraph
  /** Gradients, from the cotangent and what was saved. */
  readonly backward: CompiledGraph
}

/**
 * Compiles forward and backward pass apart, so that the totals of a batch can be known before the backward pass weighs the
 * statistics by them, and nothing is computed twice.
 */
export function compileTraining(
  network: Network,
  slots: readonly ParameterSlot[],
  features: HostArrays,
): TrainingGraphs {
  const [forward, backward] = compileInTwo(
    networkInputs(slots, features),
    networkBuilder('gradient', network, slots, features),
    { late: COTANGENT, early: ['statistics'], prefix: PREFIX.saved },
  )
  return { forward, backward }
}

/** Name of the input with the derivative of the loss by each statistic. */
const COTANGENT = 'cotangent'

function networkInputs(slots: readonly ParameterSlot[], features: HostArrays): GraphInput[] {
  return [
    ...slots.map(({ name, shape }): GraphInput => ({
      name: PREFIX.parameter + name,
      shape,
      dtype: 'float32',
    })),
    ...Object.entries(features).map(([name, { shape, data }]): GraphInput => ({
      name: PREFIX.feature + name,
      shape,
      dtype: data instanceof Int32Array ? 'int32' : 'float32',
    })),
  ]
}

function networkBuilder(
  kind: GraphKind,
  network: Network,
  slots: readonly ParameterSlot[],
  features: HostArrays,
): GraphBuilder {
  return (placeholders, addInput) => {
    const featureTensors = Object.fromEntries(
      Object.keys(features).map((name) => [name, placeholders[PREFIX.feature + name]!]),
    )
    let randomInputs = 0
    const random = (shape: readonly number[]): Tensor =>
      addInput({ name: PREFIX.random + randomInputs++, shape, dtype: 'float32' })
    const run = (values: Tensors): Tensors =>
      network.forward(values, featureTensors, makeContext(kind !== 'forward', random))
    const tensorOf = ({ name }: ParameterSlot): Tensor => placeholders[PREFIX.parameter + name]!
    const parameters = namedBy(slots, slots.map(tensorOf))
    if (kind === 'forward') return withPrefix(PREFIX.output, run(parameters))
    if (kind === 'statistics') {
      return { statistics: checkRank(network.statistics(run(parameters), featureTensors)) }
    }
    const trained = slots.filter(({ trainable }) => trainable)
    let statistics: Tensor | undefined
    const loss = (...values: Tensor[]): tf.Scalar => {
      const outputs = run({ ...parameters, ...namedBy(trained, values) })
      statistics = tf.keep(checkRank(network.statistics(outputs, featureTensors)))
      const cotangent = addInput({ name: COTANGENT, shape: statistics.shape, dtype: 'float32' })
      return tf.sum(tf.mul(statistics, cotangent))
    }
    const gradients = differentiate(loss, trained.map(tensorOf), trained)
    return { statistics: statistics!, ...withPrefix(PREFIX.gradient, namedBy(trained, gradients)) }
  }
}

/** Tensors in the order of some parameters, by the parameters' names. */
export function namedBy(slots: readonly ParameterSlot[], tensors: readonly Tensor[]): Tensors {
  return Object.fromEntries(slots.map(({ name }, index) => [name, tensors[index]!]))
}

/**
 * The gradient of a scalar function by every parameter, in their order.
 * @throws EngineError naming the parameters that the loss does not use.
 */
export function differentiate(
  loss: (...values: Tensor[]) => tf.Scalar,
  parameters: readonly Tensor[],
  slots: readonly ParameterSlot[],
): Tensor[] {
  // What `tf.valueAndGrads` calls; that refuses missing gradients without saying whose.
  const allowMissing = true
  const { grads } = tf
    .engine()
    .gradients(() => loss(...parameters), [...parameters], undefined, allowMissing)
  const unused = slots.filter((_, index) => !grads[index]).map(({ name }) => name)
  if (unused.length > 0) {
    throw new EngineError(
      `the loss does not depend on ${unused.length > 1 ? 'parameters' : 'parameter'} ${unused.join(', ')}. Use what the spec declares in the network, or leave it out of the spec.`,
    )
  }
  return grads
}

/**
 * Statistics must be one vector: an objective has one weight for each.
 * @throws EngineError otherwise.
 */
export function checkRank(statistics: Tensor): tf.Tensor1D {
  if (statistics.rank === 1) return statistics as tf.Tensor1D
  throw new EngineError(
    `the network's statistics have shape [${statistics.shape.join(', ')}] but should be a vector. Reshape them to [k].`,
  )
}

/** The {@link Context} of a network: dropout is made of `random` while training; otherwise it is the identity and random numbers are zeros. */
export function makeContext(
  training: boolean,
  random: (shape: readonly number[]) => Tensor,
): Context {
  return {
    training,
    random: training ? random : (shape) => tf.zeros([...shape]),
    dropout<T extends Tensor>(values: T, rate: number): T {
      if (!(rate >= 0 && rate < 1)) {
        throw new EngineError(
          `a dropout rate is ${rate}. Use a share from 0 up to, not including, 1.`,
        )
      }
      if (!training || rate === 0) return values
      const keep = tf.cast(tf.greaterEqual(random(values.shape), rate), 'float32')
      return tf.mul(values, tf.mul(keep, 1 / (1 - rate)))
    },
  }
}

function withPrefix(prefix: string, tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]),
  )
}
