/**
 * A dense graph transformer: attention over the atoms of a molecule with a bias made of each pair's features, after
 * Ying et al., NeurIPS 2021; pre-norm layers, read out at pairs of atoms, trained on the mean over types of ln(MAE).
 */
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import type { Network } from '../../src/Network.ts'
import type { ParameterSpec } from '../../src/ParameterSpec.ts'
import type { Tensors } from '../../src/arrays.ts'
import { dense, denseSpec, silu, weightedErrors } from './building.ts'
import { ATOM_FEATURES, PAIR_FEATURES } from './molecules.ts'

/** Hyperparameters; the feed-forward layers are four times as wide. */
export interface GraphTransformerConfig {
  readonly width: number
  readonly heads: number
  readonly layers: number
  /** Width of the pair states of which the biases are made. */
  readonly pairWidth: number
}

/** Every trainable array. */
export function graphTransformerSpec(config: GraphTransformerConfig): ParameterSpec {
  const { width, heads, layers, pairWidth } = config
  const perLayer = Array.from({ length: layers }, (_, index) => ({
    ...normSpec(`layer-${index}/norm-attention`, width),
    ...denseSpec(`layer-${index}/query-key-value`, width, 3 * width),
    ...denseSpec(`layer-${index}/pair-bias`, pairWidth, heads),
    ...denseSpec(`layer-${index}/attention-output`, width, width),
    ...normSpec(`layer-${index}/norm-feed-forward`, width),
    ...denseSpec(`layer-${index}/expand`, width, 4 * width),
    ...denseSpec(`layer-${index}/contract`, 4 * width, width),
  }))
  return Object.assign(
    {},
    denseSpec('atoms', ATOM_FEATURES, width),
    denseSpec('pairs', PAIR_FEATURES, pairWidth),
    ...perLayer,
    denseSpec('read-hidden', 2 * width + PAIR_FEATURES, width),
    denseSpec('read-output', width, 1),
  )
}

/** The network for a configuration. */
export function graphTransformer(config: GraphTransformerConfig): Network {
  return {
    forward: (parameters, features) => ({ y: forward(parameters, features, config) }),
    statistics: weightedErrors,
  }
}

function forward(
  parameters: Tensors,
  { atoms, pairs, mask, first, second, pairRows }: Tensors,
  { width, heads, layers }: GraphTransformerConfig,
): Tensor {
  const [graphs, , , size] = mask!.shape as [number, number, number, number]
  let states = dense(parameters, atoms!, 'atoms')
  const pairStates = silu(dense(parameters, pairs!, 'pairs'))
  for (let index = 0; index < layers; index++) {
    const layer = `layer-${index}`
    const normed = norm(parameters, states, `${layer}/norm-attention`)
    const parts = tf.reshape(dense(parameters, normed, `${layer}/query-key-value`), [
      graphs,
      size,
      3,
      heads,
      width / heads,
    ])
    const [query, key, value] = tf.unstack(tf.transpose(parts, [2, 0, 3, 1, 4]))
    const bias = tf.reshape(dense(parameters, pairStates, `${layer}/pair-bias`), [
      graphs,
      size,
      size,
      heads,
    ])
    const scores = tf.mul(tf.matMul(query!, key!, false, true), 1 / Math.sqrt(width / heads))
    const biased = tf.add(tf.add(scores, tf.transpose(bias, [0, 3, 1, 2])), mask!)
    const mixed = tf.transpose(tf.matMul(tf.softmax(biased), value!), [0, 2, 1, 3])
    const flat = tf.reshape(mixed, [graphs * size, width])
    states = tf.add(states, dense(parameters, flat, `${layer}/attention-output`))
    const middle = norm(parameters, states, `${layer}/norm-feed-forward`)
    const hidden = silu(dense(parameters, middle, `${layer}/expand`))
    states = tf.add(states, dense(parameters, hidden, `${layer}/contract`))
  }
  const [one, other] = [tf.gather(states, first!), tf.gather(states, second!)]
  const read = tf.concat([tf.add(one, other), tf.mul(one, other), tf.gather(pairs!, pairRows!)], 1)
  return dense(parameters, silu(dense(parameters, read, 'read-hidden')), 'read-output')
}

function norm(parameters: Tensors, x: Tensor, name: string): Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true))
  const variance = tf.mean(tf.mul(centred, centred), -1, true)
  const scaled = tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5)))
  return tf.add(tf.mul(scaled, parameters[`${name}/scale`]!), parameters[`${name}/shift`]!)
}

function normSpec(name: string, width: number): ParameterSpec {
  return {
    [`${name}/scale`]: { shape: [width], initialiser: { kind: 'constant', value: 1 } },
    [`${name}/shift`]: { shape: [width], initialiser: { kind: 'constant', value: 0 } },
  }
}
