/**
 * SchNet with edge updates, after team Kha, Zidmie, Josh, Kyle, Akira (10th of the 2019 CHAMPS competition); SchNet: Schütt et
 * al., NeurIPS 2017; edge updates: Jørgensen et al., arXiv:1806.03146.
 *
 * 1. Every atom starts as the embedding of its element.
 * 2. Every ordered pair of atoms is an edge: its distance on Gaussians, whether it is a bond, and for coupled pairs the type
 *    and the angles and dihedral of the coupling path.
 * 3. Some interactions, each: (a) an edge is updated from its two atoms and itself; (b) an atom collects its neighbours'
 *    states, each multiplied by a filter made of the edge; (c) a network of the sum is added to the atom.
 * 4. A coupled pair is read from its two atoms and its edge, in both directions, by a network of its type:
 *    four contributions, whose weighted sum is the coupling.
 */
import type { Context, ParameterSpec, Tensors } from '@couplet/engine'
import {
  gaussianBasis,
  linear,
  linearSpec,
  multilayerPerceptron,
  multilayerPerceptronSpec,
  shiftedSoftplus,
  typedHead,
  typedHeadSpec,
} from '@couplet/layers'
import type { Prediction } from '@couplet/model'
import { COUPLING_TYPES } from '@couplet/data'
import * as tf from '@tensorflow/tfjs'
import { ELEMENTS } from './featurize.ts'

/** Hyperparameters. */
export type EdgeUpdateSchnetConfig = {
  /** Length of atom and edge states. */
  readonly width: number
  /** Number of interactions. */
  readonly interactions: number
  /** Number of Gaussians on the distance axis, centred at 0 … `cutoff`. */
  readonly gaussians: number
  /** Centre of the last Gaussian in angstrom. */
  readonly cutoff: number
  /** Width of the Gaussians in angstrom squared: `exp(-(r - centre)^2 / gaussianWidth)`. */
  readonly gaussianWidth: number
  /** Distance in angstrom at which messages between atoms have faded to nothing; 0: they never fade. */
  readonly messageCutoff: number
  /** Hidden values of each coupling type's private head. */
  readonly headWidth: number
  /** Whether an edge keeps its state and adds the update, or takes the update alone. */
  readonly edgeResidual: boolean
  /** Whether every coupling type has a head of its own, as it has where this is left out, or all share one. */
  readonly privateHeads?: boolean
}

/**
 * Every trainable array of the network.
 * @param edgeFeatures values that describe an edge beside its distance.
 */
export function parameters(config: EdgeUpdateSchnetConfig, edgeFeatures: number): ParameterSpec {
  const { width, interactions, gaussians, headWidth } = config
  const perInteraction = Array.from({ length: interactions }, (_, index) => ({
    ...linearSpec(`interaction-${index}/edge/source`, width, 2 * width, { bias: false }),
    ...linearSpec(`interaction-${index}/edge/target`, width, 2 * width, { bias: false }),
    ...linearSpec(`interaction-${index}/edge/self`, width, 2 * width),
    ...linearSpec(`interaction-${index}/edge/output`, 2 * width, width),
    ...multilayerPerceptronSpec(`interaction-${index}/filter`, [width, width, width]),
    ...linearSpec(`interaction-${index}/message`, width, width, { bias: false }),
    ...multilayerPerceptronSpec(`interaction-${index}/atom`, [width, width, width]),
  }))
  return Object.assign(
    {
      'embedding/elements': {
        shape: [ELEMENTS, width],
        initialiser: { kind: 'normal', deviation: 1 },
      },
    } satisfies ParameterSpec,
    linearSpec('embedding/edges', gaussians + edgeFeatures, width),
    ...perInteraction,
    linearSpec('readout/source', width, width, { bias: false }),
    linearSpec('readout/target', width, width, { bias: false }),
    linearSpec('readout/edge', width, width),
    typedHeadSpec('readout/head', {
      inputs: width,
      types: config.privateHeads === false ? 1 : COUPLING_TYPES.length,
      hidden: headWidth,
      outputs: 4,
    }),
    {
      'readout/sum': { shape: [4, 1], initialiser: { kind: 'constant', value: 1 } },
    } satisfies ParameterSpec,
  )
}

/** Standardised couplings `[pairs]` and contributions `[pairs, 4]` of a batch. */
export function forward(
  weights: Tensors,
  features: Tensors,
  _context: Context,
  config: EdgeUpdateSchnetConfig,
): Prediction {
  const sources = features['sources'] as tf.Tensor1D
  const targets = features['targets'] as tf.Tensor1D
  let atoms = tf.gather(weights['embedding/elements']!, features['elements'] as tf.Tensor1D)
  const fading = fadeOut(features['distances']!, config)
  let edges = embedEdges(weights, features, config)
  for (let index = 0; index < config.interactions; index++) {
    const name = `interaction-${index}`
    edges = updateEdges(weights, `${name}/edge`, atoms, edges, sources, targets, config)
    atoms = updateAtoms(weights, name, atoms, edges, fading, sources, targets)
  }
  return readPairs(weights, atoms, edges, features, config)
}

/** Step 2: distance on Gaussians and what is known of the pair, through one linear layer. */
function embedEdges(
  weights: Tensors,
  features: Tensors,
  config: EdgeUpdateSchnetConfig,
): tf.Tensor {
  const { gaussians: count, cutoff: to, gaussianWidth: width } = config
  const basis = gaussianBasis(features['distances']!, { count, from: 0, to, width })
  return linear(weights, 'embedding/edges', tf.concat([basis, features['edgeFeatures']!], 1))
}

/**
 * Step 3a: `MLP[x_i ; x_j ; e_ij]` with widths 3d, 2d, d. The first layer's matrix is cut into three, so that its parts for the
 * atoms act once per atom instead of once per edge.
 */
function updateEdges(
  weights: Tensors,
  name: string,
  atoms: tf.Tensor,
  edges: tf.Tensor,
  sources: tf.Tensor1D,
  targets: tf.Tensor1D,
  { edgeResidual }: EdgeUpdateSchnetConfig,
): tf.Tensor {
  const fromSource = tf.gather(linear(weights, `${name}/source`, atoms), sources)
  const fromTarget = tf.gather(linear(weights, `${name}/target`, atoms), targets)
  const hidden = shiftedSoftplus(
    tf.add(linear(weights, `${name}/self`, edges), tf.add(fromSource, fromTarget)),
  )
  const update = linear(weights, `${name}/output`, hidden)
  return edgeResidual ? tf.add(edges, update) : update
}

/** Steps 3b and 3c: `m_j = sum_i filter(e_ij) * W x_i`, then `x_j + MLP(m_j)`. */
function updateAtoms(
  weights: Tensors,
  name: string,
  atoms: tf.Tensor,
  edges: tf.Tensor,
  fading: tf.Tensor | undefined,
  sources: tf.Tensor1D,
  targets: tf.Tensor1D,
): tf.Tensor {
  const full = shiftedSoftplus(
    multilayerPerceptron(weights, `${name}/filter`, edges, shiftedSoftplus),
  )
  const filters = fading ? tf.mul(full, fading) : full
  const messages = tf.mul(filters, tf.gather(linear(weights, `${name}/message`, atoms), sources))
  const collected = tf.unsortedSegmentSum(messages, targets, atoms.shape[0])
  return tf.add(atoms, multilayerPerceptron(weights, `${name}/atom`, collected, shiftedSoftplus))
}

/** Factor of each message, `[edges, 1]`: half a cosine from 1 at distance 0 to 0 at the cutoff; nothing where there is no cutoff. */
function fadeOut(
  distances: tf.Tensor,
  { messageCutoff }: EdgeUpdateSchnetConfig,
): tf.Tensor | undefined {
  if (messageCutoff === 0) return undefined
  const angle = tf.mul(tf.minimum(distances, messageCutoff), Math.PI / messageCutoff)
  return tf.expandDims(tf.mul(tf.add(tf.cos(angle), 1), 0.5), 1)
}

/** Step 4: the hidden layer of both directions, averaged, then the head of the pair's type. */
function readPairs(
  weights: Tensors,
  atoms: tf.Tensor,
  edges: tf.Tensor,
  features: Tensors,
  { privateHeads }: EdgeUpdateSchnetConfig,
): Prediction {
  const fromSource = linear(weights, 'readout/source', atoms)
  const fromTarget = linear(weights, 'readout/target', atoms)
  const direction = (pairEdges: tf.Tensor1D): tf.Tensor => {
    const source = tf.gather(features['sources'] as tf.Tensor1D, pairEdges)
    const target = tf.gather(features['targets'] as tf.Tensor1D, pairEdges)
    const edge = linear(weights, 'readout/edge', tf.gather(edges, pairEdges))
    return shiftedSoftplus(
      tf.add(edge, tf.add(tf.gather(fromSource, source), tf.gather(fromTarget, target))),
    )
  }
  const hidden = tf.mul(
    0.5,
    tf.add(
      direction(features['pairEdges'] as tf.Tensor1D),
      direction(features['pairReverseEdges'] as tf.Tensor1D),
    ),
  )
  const types = features['pairTypes']!
  const head = privateHeads === false ? tf.sum(types, 1, true) : types
  const contributions = typedHead(weights, 'readout/head', hidden, head, shiftedSoftplus)
  const couplings = tf.matMul(contributions, weights['readout/sum'] as tf.Tensor2D)
  return { couplings: tf.reshape(couplings, [-1]), contributions }
}
