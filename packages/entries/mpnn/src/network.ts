/**
 * The public starter network of the 2019 CHAMPS competition (hengck23): neural message passing (Gilmer et al., ICML 2017) with
 * set-to-set pooling (Vinyals et al., ICLR 2016).
 *
 * 1. An atom network turns each atom's features into its state.
 * 2. Every ordered pair of atoms is an edge; one edge network, the same in all steps, makes a matrix of each edge.
 * 3. Some steps, each: an atom's message is the mean over its edges of the neighbour's state times the edge's matrix; a
 *    gated recurrent unit updates the atom with it.
 * 4. Set-to-set pooling reads the molecule: an LSTM asks a question, attention over the atoms answers, some times over.
 * 5. A coupled pair is read from the pooled molecule, its two atoms and its edge; one output for each coupling type.
 */
import { COUPLING_TYPES } from '@couplet/data'
import type { Context, ParameterSpec, Tensors } from '@couplet/engine'
import {
  gaussianBasis,
  layerNorm,
  layerNormSpec,
  linear,
  linearSpec,
  multilayerPerceptron,
  multilayerPerceptronSpec,
} from '@couplet/layers'
import type { Prediction } from '@couplet/model'
import * as tf from '@tensorflow/tfjs'
import { ATOM_FEATURES, EDGE_FEATURES } from './featurize.ts'

/** Hyperparameters. */
export type MpnnConfig = {
  /** Length of an atom's state. */
  readonly width: number
  /** Hidden values of the edge network's first two layers, and of its third. */
  readonly edgeWidth: number
  readonly edgeInnerWidth: number
  /** Steps of message passing. */
  readonly steps: number
  /** Questions asked by set-to-set pooling. */
  readonly poolingSteps: number
  /** Hidden values of the readout's first layer, and of its second. */
  readonly headWidth: number
  readonly headInnerWidth: number
  /** Number of Gaussians on the distance axis between 0 and `cutoff`. */
  readonly gaussians: number
  /** Centre of the last Gaussian in angstrom. */
  readonly cutoff: number
}

/** Every trainable array of the network. */
export function parameters(config: MpnnConfig): ParameterSpec {
  const { width, edgeWidth, edgeInnerWidth, headWidth, headInnerWidth, gaussians } = config
  const edgeInputs = gaussians + EDGE_FEATURES
  return {
    ...linearSpec('atoms/0', ATOM_FEATURES, width),
    ...layerNormSpec('atoms/norm-0', width),
    ...linearSpec('atoms/1', width, width),
    ...layerNormSpec('atoms/norm-1', width),
    ...multilayerPerceptronSpec('edges', [
      edgeInputs,
      edgeWidth,
      edgeWidth,
      edgeInnerWidth,
      width * width,
    ]),
    'message/bias': { shape: [width], initialiser: { kind: 'constant', value: 0 } },
    ...linearSpec('gru/message', width, 3 * width),
    ...linearSpec('gru/state', width, 3 * width),
    ...linearSpec('pooling/lstm', 2 * width, 4 * width),
    ...linearSpec('readout/molecule', 2 * width, headWidth, { bias: false }),
    ...linearSpec('readout/source', width, headWidth, { bias: false }),
    ...linearSpec('readout/target', width, headWidth, { bias: false }),
    ...linearSpec('readout/edge', edgeInputs, headWidth),
    ...multilayerPerceptronSpec('readout', [headWidth, headInnerWidth, COUPLING_TYPES.length]),
  }
}

/** Standardised couplings `[pairs]` of a batch. */
export function forward(
  weights: Tensors,
  features: Tensors,
  _context: Context,
  config: MpnnConfig,
): Prediction {
  const edges = describeEdges(features, config)
  let atoms = embedAtoms(weights, features)
  const matrices = tf.reshape(multilayerPerceptron(weights, 'edges', edges, tf.relu), [
    -1,
    config.width,
    config.width,
  ])
  for (let step = 0; step < config.steps; step++) {
    atoms = updateAtom(weights, atoms, collectMessages(weights, atoms, matrices, features))
  }
  const molecules = poolMolecules(weights, atoms, features, config)
  return { couplings: readPairs(weights, atoms, molecules, edges, features) }
}

/** Step 1. */
function embedAtoms(weights: Tensors, features: Tensors): tf.Tensor {
  const layer = (index: 0 | 1, rows: tf.Tensor): tf.Tensor =>
    tf.relu(layerNorm(weights, `atoms/norm-${index}`, linear(weights, `atoms/${index}`, rows)))
  return layer(1, layer(0, features['atomFeatures']!))
}

/** Step 2: graph distance flags and the distance on Gaussians, `[edges, gaussians + 3]`. */
function describeEdges(features: Tensors, { gaussians: count, cutoff: to }: MpnnConfig): tf.Tensor {
  const width = 2 * (to / (count - 1)) ** 2
  const basis = gaussianBasis(features['distances']!, { count, from: 0, to, width })
  return tf.concat([basis, features['edgeFeatures']!], 1)
}

/** Step 3, messages: the mean over an atom's edges of neighbour times matrix, then a bias and ReLU. */
function collectMessages(
  weights: Tensors,
  atoms: tf.Tensor,
  matrices: tf.Tensor,
  features: Tensors,
): tf.Tensor {
  const neighbours = tf.expandDims(tf.gather(atoms, features['sources'] as tf.Tensor1D), 1)
  const messages = tf.squeeze(tf.matMul(neighbours, matrices), [1])
  const sums = tf.unsortedSegmentSum(messages, features['targets'] as tf.Tensor1D, atoms.shape[0])
  return tf.relu(tf.add(tf.mul(sums, features['inverseDegrees']!), weights['message/bias']!))
}

/** Step 3, update: a gated recurrent unit (Cho et al. 2014). */
function updateAtom(weights: Tensors, atoms: tf.Tensor, messages: tf.Tensor): tf.Tensor {
  const [resetIn, updateIn, candidateIn] = tf.split(linear(weights, 'gru/message', messages), 3, 1)
  const [resetOwn, updateOwn, candidateOwn] = tf.split(linear(weights, 'gru/state', atoms), 3, 1)
  const reset = tf.sigmoid(tf.add(resetIn!, resetOwn!))
  const keep = tf.sigmoid(tf.add(updateIn!, updateOwn!))
  const candidate = tf.tanh(tf.add(candidateIn!, tf.mul(reset, candidateOwn!)))
  return tf.add(candidate, tf.mul(keep, tf.sub(atoms, candidate)))
}

/** Step 4: the last question and its answer, `[molecules, 2 width]`. */
function poolMolecules(
  weights: Tensors,
  atoms: tf.Tensor,
  features: Tensors,
  { width, poolingSteps }: MpnnConfig,
): tf.Tensor {
  const owner = features['atomMolecules'] as tf.Tensor1D
  const mask = features['moleculeMask']!
  const count = mask.shape[0]
  let memory: tf.Tensor = tf.zeros([count, width])
  let question: tf.Tensor = tf.zeros([count, width])
  let answer: tf.Tensor = tf.zeros([count, width])
  for (let step = 0; step < poolingSteps; step++) {
    const gates = linear(weights, 'pooling/lstm', tf.concat([question, answer], 1))
    const [input, forget, output, candidate] = tf.split(gates, 4, 1)
    memory = tf.add(
      tf.mul(tf.sigmoid(forget!), memory),
      tf.mul(tf.sigmoid(input!), tf.tanh(candidate!)),
    )
    question = tf.mul(tf.sigmoid(output!), tf.tanh(memory))
    const logits = tf.sum(tf.mul(atoms, tf.gather(question, owner)), 1, true)
    const scores = tf.exp(tf.clipByValue(logits, -30, 30))
    const total = tf.unsortedSegmentSum(scores, owner, count)
    const answers = tf.unsortedSegmentSum(tf.mul(scores, atoms), owner, count)
    answer = tf.div(answers, tf.add(total, 1e-20))
  }
  return tf.mul(tf.concat([question, answer], 1), mask)
}

/** Step 5: the first layer of both orders of the two atoms, averaged; two more layers; the output of the pair's type. */
function readPairs(
  weights: Tensors,
  atoms: tf.Tensor,
  molecules: tf.Tensor,
  edges: tf.Tensor,
  features: Tensors,
): tf.Tensor1D {
  const [sources, targets] = [features['pairSources'], features['pairTargets']] as tf.Tensor1D[]
  const fromSource = linear(weights, 'readout/source', atoms)
  const fromTarget = linear(weights, 'readout/target', atoms)
  const pooled = tf.gather(
    linear(weights, 'readout/molecule', molecules),
    features['pairMolecules'] as tf.Tensor1D,
  )
  const edge = linear(
    weights,
    'readout/edge',
    tf.gather(edges, features['pairEdges'] as tf.Tensor1D),
  )
  const shared = tf.add(pooled, edge)
  const order = (first: tf.Tensor1D, second: tf.Tensor1D): tf.Tensor =>
    tf.relu(tf.add(shared, tf.add(tf.gather(fromSource, first), tf.gather(fromTarget, second))))
  const hidden = tf.mul(0.5, tf.add(order(sources!, targets!), order(targets!, sources!)))
  const outputs = multilayerPerceptron(weights, 'readout', hidden, tf.relu)
  return tf.sum(tf.mul(outputs, features['pairTypes']!), 1)
}
