/**
 * A sparse message-passing network: messages of an edge from its two atoms and its features, summed at the target, and a
 * gated recurrent unit as update, after Gilmer et al., ICML 2017; the steps share their weights. Read out per graph.
 */
import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs'
import type { Network } from '../../src/Network.ts'
import type { ParameterSpec } from '../../src/ParameterSpec.ts'
import type { Tensors } from '../../src/arrays.ts'
import { dense, denseSpec, silu, weightedErrors } from './building.ts'
import { ATOM_FEATURES, EDGE_FEATURES } from './molecules.ts'

/** Hyperparameters. */
export interface MessagePassingConfig {
  readonly width: number
  readonly steps: number
}

/** Every trainable array. */
export function messagePassingSpec({ width }: MessagePassingConfig): ParameterSpec {
  return {
    ...denseSpec('atoms', ATOM_FEATURES, width),
    ...denseSpec('message-hidden', 2 * width + EDGE_FEATURES, width),
    ...denseSpec('message-output', width, width),
    ...denseSpec('gru-input', width, 3 * width),
    ...denseSpec('gru-state', width, 3 * width),
    ...denseSpec('read-hidden', width, width),
    ...denseSpec('read-output', width, 1),
  }
}

/** The network for a configuration. */
export function messagePassing(config: MessagePassingConfig): Network {
  return {
    forward: (parameters, features) => ({ y: forward(parameters, features, config) }),
    statistics: weightedErrors,
  }
}

function forward(
  parameters: Tensors,
  { atoms, edges, sources, targets, graphs, target }: Tensors,
  { steps }: MessagePassingConfig,
): Tensor {
  const count = atoms!.shape[0]
  let states = dense(parameters, atoms!, 'atoms')
  for (let step = 0; step < steps; step++) {
    const ends = tf.concat([tf.gather(states, sources!), tf.gather(states, targets!), edges!], 1)
    const hidden = silu(dense(parameters, ends, 'message-hidden'))
    const messages = silu(dense(parameters, hidden, 'message-output'))
    const received = tf.unsortedSegmentSum(messages, targets as Tensor1D, count)
    const input = tf.split(dense(parameters, received, 'gru-input'), 3, 1)
    const state = tf.split(dense(parameters, states, 'gru-state'), 3, 1)
    const reset = tf.sigmoid(tf.add(input[0]!, state[0]!))
    const update = tf.sigmoid(tf.add(input[1]!, state[1]!))
    const fresh = tf.tanh(tf.add(input[2]!, tf.mul(reset, state[2]!)))
    states = tf.add(fresh, tf.mul(update, tf.sub(states, fresh)))
  }
  const sums = tf.unsortedSegmentSum(states, graphs as Tensor1D, target!.shape[0])
  return dense(parameters, silu(dense(parameters, sums, 'read-hidden')), 'read-output')
}
