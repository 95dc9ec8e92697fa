import * as tf from '@tensorflow/tfjs'
import type { HostArray, HostArrays } from '../src/arrays.ts'
import type { Network } from '../src/Network.ts'
import type { Objective } from '../src/Objective.ts'
import type { ParameterSpec } from '../src/ParameterSpec.ts'
import type { TrainingStep } from '../src/Runner.ts'
import { floats, integers, numbers } from './fixtures.ts'

/** A network with its parameters, data and losses. */
export interface Toy {
  readonly network: Network
  readonly spec: ParameterSpec
  /** Features and targets of so many rows; another seed gives other numbers. */
  batch(rows: number, seed?: number): HostArrays
  readonly sum: Objective
  readonly log: Objective
}

/** `y = x w + b`; the statistic is the sum of squared errors. */
export const regression: Toy = {
  network: {
    forward: (parameters, { x }) => ({
      y: tf.add(tf.matMul(x!, parameters['w']!), parameters['b']!),
    }),
    statistics: ({ y }, { target }) => tf.reshape(tf.sum(tf.squaredDifference(y!, target!)), [1]),
  },
  spec: {
    w: { shape: [3, 1], initialiser: { kind: 'glorot' } },
    b: { shape: [1], initialiser: { kind: 'constant', value: 0.5 } },
  },
  batch(rows, seed = 1) {
    const x = numbers([rows, 3], seed)
    const target = Array.from({ length: rows }, (_, row) => {
      const [first, second, third] = x.data.subarray(3 * row)
      return 2 * first! - second! + 0.25 * third! + 1
    })
    return { x, target: floats([rows, 1], target) }
  },
  sum: { kind: 'sum', weights: [0.1] },
  log: { kind: 'log', weights: [1], floors: [1e-3] },
}

const NODES = 5

/** Two layers on the nodes of a graph: edges gather their ends, nodes sum their edges. Two statistics, of even and odd nodes. */
export const messages: Toy = {
  network: {
    forward(parameters, { nodes, from, to }) {
      const hidden = tf.tanh<tf.Tensor2D>(tf.matMul(nodes!, parameters['first']!))
      const sent = tf.gather(hidden, from!)
      const received = tf.unsortedSegmentSum(sent, to as tf.Tensor1D, nodes!.shape[0])
      return { y: tf.matMul(tf.concat([hidden, received], 1), parameters['second']!) }
    },
    statistics({ y }, { target, kinds }) {
      const errors = tf.abs(tf.sub(y!, target!))
      return tf.reshape(tf.matMul(kinds!, errors, true), [2])
    },
  },
  spec: {
    first: { shape: [4, 6], initialiser: { kind: 'glorot' } },
    second: { shape: [12, 1], initialiser: { kind: 'normal', deviation: 0.5 } },
  },
  batch(graphs, seed = 1) {
    const rows = graphs * NODES
    const edges = Array.from({ length: 2 * rows }, (_, edge) => edge)
    return {
      nodes: numbers([rows, 4], seed),
      from: integers(
        [edges.length],
        edges.map((edge) => (3 * edge + 1) % rows),
      ),
      to: integers(
        [edges.length],
        edges.map((edge) => (edge * edge) % rows),
      ),
      target: numbers([rows, 1], seed + 100),
      kinds: floats(
        [rows, 2],
        Array.from({ length: 2 * rows }, (_, k) => (k % 4 === 0 || k % 4 === 3 ? 1 : 0)),
      ),
    }
  },
  sum: { kind: 'sum', weights: [0.2, -0.05] },
  log: { kind: 'log', weights: [0.5, 0.5], floors: [1e-3, 1e-3] },
}

/** What entries are made of: an embedding, attention between the nodes of a graph, layer norm, messages, dropout (off). */
export const attention: Toy = {
  network: {
    forward(parameters, { kinds, from, to }, context) {
      const rows = kinds!.shape[0]
      const embedded = tf.gather(parameters['embedding']!, kinds!)
      const graphs = tf.reshape(tf.matMul(embedded, parameters['query']!), [-1, NODES, 8])
      const scores = tf.softmax(tf.mul(tf.matMul(graphs, graphs, false, true), 1 / Math.sqrt(8)))
      const attended = tf.reshape(tf.matMul(scores, graphs), [rows, 8])
      const { mean, variance } = tf.moments(attended, 1, true)
      const centred = tf.div(tf.sub(attended, mean), tf.sqrt(tf.add(variance, 1e-5)))
      const normal = tf.add(tf.mul(centred, parameters['scale']!), parameters['shift']!)
      const received = tf.unsortedSegmentSum(tf.gather(normal, from!), to as tf.Tensor1D, rows)
      const hidden = context.dropout(tf.elu(tf.concat([normal, received], 1)), 0)
      return { y: tf.matMul(hidden, parameters['head']!) }
    },
    statistics: ({ y }, { target }) => tf.reshape(tf.sum(tf.abs(tf.sub(y!, target!))), [1]),
  },
  spec: {
    embedding: { shape: [3, 8], initialiser: { kind: 'normal', deviation: 1 } },
    query: { shape: [8, 8], initialiser: { kind: 'glorot' } },
    scale: { shape: [8], initialiser: { kind: 'uniform', bound: 1 } },
    shift: { shape: [8], initialiser: { kind: 'uniform', bound: 1 } },
    head: { shape: [16, 1], initialiser: { kind: 'glorot' } },
  },
  batch(graphs, seed = 1) {
    const { from, to, target } = messages.batch(graphs, seed) as Record<string, HostArray>
    const kinds = Array.from({ length: graphs * NODES }, (_, row) => (row * row + seed) % 3)
    return { kinds: integers([kinds.length], kinds), from: from!, to: to!, target: target! }
  },
  sum: { kind: 'sum', weights: [0.1] },
  log: { kind: 'log', weights: [1], floors: [1e-3] },
}

/** The regression with dropout on its input. */
export const dropout: Toy = {
  ...regression,
  network: {
    ...regression.network,
    forward: (parameters, features, context) =>
      regression.network.forward(
        parameters,
        { ...features, x: context.dropout(features['x']!, 0.5) },
        context,
      ),
  },
}

/** A step of plain Adam on some shards. */
export function trainingStep(
  shards: readonly HostArrays[],
  objective: Objective,
  step = 1,
  changes: Partial<TrainingStep['adam'] & { clipNorm: number }> = {},
): TrainingStep {
  const { clipNorm = Infinity, ...adam } = changes
  return {
    shards,
    objective,
    clipNorm,
    adam: {
      step,
      learningRate: 0.05,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
      averageDecay: 0.9,
      ...adam,
    },
  }
}
