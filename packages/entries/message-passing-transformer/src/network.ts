/**
 * Transformer with message passing, after Robin Niesert (Robin N, 6th of the 2019 CHAMPS competition). Edge networks: Gilmer et al.,
 * ICML 2017; attention: Vaswani et al., NeurIPS 2017.
 *
 * 1. An atom starts as a linear map of what is known of it.
 * 2. Two edge networks, one for bonds and one for coupled pairs, make a kernel of each edge, once: for every channel weights on a window
 *    of the neighbour's channels around it.
 * 3. Some blocks, each of six steps `x + f(norm(x))`: (a) messages along the bonds, both ways, by the bonds' kernels, weighed channel by
 *    channel by the angles at the bond; (b) messages along the coupled pairs by the pairs' kernels; (c) attention by distance in
 *    space; (d) attention by number of bonds apart; (e) attention by scaled dot products; (f) a feed-forward network.
 * 4. A pair is read from its two atoms and what is known of pair and molecule: a dense layer, a dense layer of its type, and five small
 *    networks for the four contributions and a rest. Their sum is the coupling.
 */
import { COUPLING_TYPES } from '@couplet/data'
import type { Context, ParameterSpec, Tensors } from '@couplet/engine'
import {
  attendByScores,
  layerNorm,
  layerNormSpec,
  linear,
  linearSpec,
  multiHeadAttention,
  multilayerPerceptron,
  multilayerPerceptronSpec,
  type AttentionLayout,
} from '@couplet/layers'
import type { Prediction } from '@couplet/model'
import * as tf from '@tensorflow/tfjs'
import { ATOM_FEATURES, MOLECULE_FEATURES } from './describeAtoms.ts'
import { BOND_FEATURES } from './describeBonds.ts'
import { GRAPH_DISTANCES, readingsOf } from './featurize.ts'
import { pairWidth } from './pairReadings.ts'
import { PARTS } from './partFactors.ts'
import { windows } from './windows.ts'

/** Hyperparameters. */
export type MessagePassingTransformerConfig = {
  /** Length of an atom's state. */
  readonly width: number
  /** Number of blocks. */
  readonly blocks: number
  /** Heads of each attention; divides the width. */
  readonly heads: number
  /** Channels of the neighbour that a message's channel is made of. */
  readonly kernel: number
  /** Hidden values of each of the three hidden layers of an edge network. */
  readonly edgeWidth: number
  /** Hidden values of the network of the bond angles. */
  readonly angleWidth: number
  /** Hidden values of the feed-forward networks. */
  readonly innerWidth: number
  /** Hidden values of the readout's first dense layer. */
  readonly headWidth: number
  /** Hidden values of each of the five small networks. */
  readonly partWidth: number
  /** `all`: all couplings are brought to size 1 alike, as in 2019; `type`: by their type's mean and spread. */
  readonly standardisation: string
  /** Whether the measures of the coupling path join the pairs' features, in standard deviations of their type. */
  readonly pathMeasures: boolean
}

/** Largest distance in angstrom on which a head of the attention by distance is centred at the start. */
const FARTHEST_CENTRE = 4

/** The steps of a block, in order. */
const STEPS = ['bonds', 'pairs', 'metric', 'topological', 'learned', 'inner'] as const
type Step = (typeof STEPS)[number]

/** Every trainable array of the network. */
export function parameters(config: MessagePassingTransformerConfig): ParameterSpec {
  const { width, heads, headWidth, partWidth, angleWidth } = config
  const pairs = pairWidth(config.pathMeasures)
  const read = 2 * width + pairs + MOLECULE_FEATURES
  const perBlock = Array.from({ length: config.blocks }, (_, index): ParameterSpec => {
    const name = `block-${index}`
    return {
      ...Object.assign(
        {},
        ...STEPS.map((step) =>
          layerNormSpec(`${name}/${step}/norm`, width, {
            kind: 'uniform',
            bound: 0.5,
            centre: 0.5,
          }),
        ),
      ),
      ...linearSpec(`${name}/bonds/out`, width, width),
      ...linearSpec(`${name}/pairs/out`, width, width),
      ...linearSpec(`${name}/metric/values`, width, width),
      ...linearSpec(`${name}/metric/out`, width, width),
      [`${name}/metric/sharpness`]: { shape: [heads], initialiser: ZERO },
      [`${name}/metric/centre`]: { shape: [heads], initialiser: ZERO },
      ...linearSpec(`${name}/topological/values`, width, width),
      ...linearSpec(`${name}/topological/out`, width, width),
      [`${name}/topological/scores`]: {
        shape: [GRAPH_DISTANCES, heads],
        initialiser: { kind: 'normal', deviation: 1 },
      },
      ...linearSpec(`${name}/learned/in`, width, 3 * width),
      ...linearSpec(`${name}/learned/out`, width, width),
      ...multilayerPerceptronSpec(`${name}/inner`, [width, config.innerWidth, width]),
    }
  })
  return Object.assign(
    linearSpec('embedding', ATOM_FEATURES, width),
    edgeNetworkSpec('edge-network/bonds', BOND_FEATURES, config),
    edgeNetworkSpec('edge-network/pairs', pairs, config),
    multilayerPerceptronSpec('angle-network', [1, angleWidth, width]),
    ...perBlock,
    linearSpec('readout/dense', read, headWidth),
    ...COUPLING_TYPES.map((type) => linearSpec(typeDense(type), headWidth, read)),
    linearSpec('readout/parts', read, PARTS * partWidth),
    {
      'readout/sums': { shape: [PARTS, partWidth], initialiser: { kind: 'glorot' } },
      'readout/offsets': { shape: [PARTS], initialiser: ZERO },
    } satisfies ParameterSpec,
  )
}

/** Standardised couplings `[pairs]` and contributions `[pairs, 4]` of a batch. */
export function forward(
  weights: Tensors,
  features: Tensors,
  _context: Context,
  config: MessagePassingTransformerConfig,
): Prediction {
  const edges = {
    bonds: passing(weights, 'bonds', features, config),
    pairs: passing(weights, 'pairs', features, config),
  }
  const steps: Readonly<Record<Step, (name: string, atoms: tf.Tensor) => tf.Tensor>> = {
    /** Step 3a. */
    bonds: (name, atoms) => passMessages(weights, name, atoms, edges.bonds, config),
    /** Step 3b. */
    pairs: (name, atoms) => passMessages(weights, name, atoms, edges.pairs, config),
    /** Step 3c. */
    metric: (name, atoms) => attendBySpace(weights, name, atoms, features, config),
    /** Step 3d. */
    topological: (name, atoms) => attendByBonds(weights, name, atoms, features, config),
    /** Step 3e. */
    learned: (name, atoms) => attend(weights, name, atoms, features, config),
    /** Step 3f. */
    inner: (name, atoms) => multilayerPerceptron(weights, name, atoms, tf.relu),
  }
  let atoms: tf.Tensor = linear(weights, 'embedding', features['atomFeatures']!)
  for (let index = 0; index < config.blocks; index++) {
    for (const step of STEPS) {
      const name = `block-${index}/${step}`
      atoms = tf.add(atoms, steps[step](name, layerNorm(weights, `${name}/norm`, atoms)))
    }
  }
  return readPairs(weights, atoms, features, config)
}

/** What messages pass along: edges with their atoms, and all that does not change from block to block. */
interface Passing {
  /** The two atoms of each edge, `[edges]` each. */
  readonly firsts: tf.Tensor1D
  readonly seconds: tf.Tensor1D
  /** Kernel of each edge: weights on the windows of all channels, `[edges, kernel * width]`. */
  readonly kernels: tf.Tensor
  /** Factors of each edge's messages: by the angles at a bond, `[edges, width]`, or of a reading, `[edges, 1]`. */
  readonly factors: tf.Tensor
}

/** Step 2: the edge network's output, divided by the square root of the window's length. */
function passing(
  weights: Tensors,
  kind: 'bonds' | 'pairs',
  features: Tensors,
  { kernel }: MessagePassingTransformerConfig,
): Passing {
  const prefix = kind === 'bonds' ? 'bond' : 'reading'
  const known = features[`${prefix}Features`]!
  const outputs = multilayerPerceptron(weights, `edge-network/${kind}`, known, tf.relu)
  return {
    ...atomsOf(features, prefix),
    kernels: tf.mul(outputs, kernel ** -0.5),
    factors: kind === 'bonds' ? weighAngles(weights, features) : features['readingWeights']!,
  }
}

function atomsOf(
  features: Tensors,
  prefix: 'bond' | 'reading',
): Pick<Passing, 'firsts' | 'seconds'> {
  const [firsts, seconds] = [features[`${prefix}Firsts`], features[`${prefix}Seconds`]]
  return { firsts: firsts as tf.Tensor1D, seconds: seconds as tf.Tensor1D }
}

/** Step 3a, what does not change from block to block: mean over the angles at each bond of a network of the cosine, `[bonds, width]`. */
function weighAngles(weights: Tensors, features: Tensors): tf.Tensor {
  const shares = features['angleShares']!
  const perAngle = tf.tanh(
    multilayerPerceptron(weights, 'angle-network', features['angleCosines']!, tf.relu),
  )
  const atBonds = (name: string): tf.Tensor =>
    tf.unsortedSegmentSum(perAngle, features[name] as tf.Tensor1D, shares.shape[0])
  return tf.mul(tf.add(atBonds('angleFirsts'), atBonds('angleSeconds')), shares)
}

/**
 * Steps 3a and 3b: every edge's message to each of its atoms, from the other's state by the edge's kernel, times the edge's factors;
 * summed at the atoms, then a linear map, `[atoms, width]`.
 */
function passMessages(
  weights: Tensors,
  name: string,
  atoms: tf.Tensor,
  { firsts, seconds, kernels, factors }: Passing,
  { width, kernel }: MessagePassingTransformerConfig,
): tf.Tensor {
  const seen = windows(atoms, kernel)
  const messages = (from: tf.Tensor1D, to: tf.Tensor1D): tf.Tensor => {
    const products = tf.reshape(tf.mul(kernels, tf.gather(seen, from)), [-1, kernel, width])
    return tf.unsortedSegmentSum(tf.mul(tf.sum(products, 1), factors), to, atoms.shape[0])
  }
  const collected = tf.add(messages(seconds, firsts), messages(firsts, seconds))
  return linear(weights, `${name}/out`, collected)
}

/** Step 3c: scores `-0.5 (exp(p) (r - l))^2` for each head's `p` and `l`, whose softmax is a normalised Gaussian of the distance. */
function attendBySpace(
  weights: Tensors,
  name: string,
  atoms: tf.Tensor,
  features: Tensors,
  config: MessagePassingTransformerConfig,
): tf.Tensor {
  const perHead = (values: tf.Tensor): tf.Tensor => tf.reshape(values, [1, config.heads, 1, 1])
  const start = tf.linspace(0, FARTHEST_CENTRE, config.heads)
  const centre = perHead(tf.add(weights[`${name}/centre`]!, start))
  const sharpness = perHead(tf.exp(weights[`${name}/sharpness`]!))
  const offsets = tf.mul(sharpness, tf.sub(features['distances']!, centre))
  const scores = tf.mul(-0.5, tf.square(offsets))
  return attendByGiven(weights, name, atoms, scores, features, config)
}

/** Step 3d: as score a learned number for each head and number of bonds apart. */
function attendByBonds(
  weights: Tensors,
  name: string,
  atoms: tf.Tensor,
  features: Tensors,
  config: MessagePassingTransformerConfig,
): tf.Tensor {
  const { blocks, length, heads } = layoutOf(features, config)
  const apart = features['graphDistances'] as tf.Tensor1D
  const rows = tf.reshape(tf.gather(weights[`${name}/scores`]!, apart), [
    blocks,
    length,
    length,
    heads,
  ])
  const scores = tf.transpose(rows, [0, 3, 1, 2])
  return attendByGiven(weights, name, atoms, scores, features, config)
}

/** Values weighed by the softmax of scores that do not depend on the atoms' states, between two linear maps. */
function attendByGiven(
  weights: Tensors,
  name: string,
  atoms: tf.Tensor,
  scores: tf.Tensor,
  features: Tensors,
  config: MessagePassingTransformerConfig,
): tf.Tensor {
  const values = toBlocks(linear(weights, `${name}/values`, atoms), features)
  const hidden = tf.add(scores, features['keyBias']!)
  const attended = attendByScores(values, hidden, layoutOf(features, config))
  return linear(weights, `${name}/out`, toAtoms(attended, features))
}

/** Step 3e. */
function attend(
  weights: Tensors,
  name: string,
  atoms: tf.Tensor,
  features: Tensors,
  config: MessagePassingTransformerConfig,
): tf.Tensor {
  const projected = toBlocks(linear(weights, `${name}/in`, atoms), features)
  const attended = multiHeadAttention(projected, features['keyBias']!, layoutOf(features, config))
  return linear(weights, `${name}/out`, toAtoms(attended, features))
}

function layoutOf(features: Tensors, { heads }: MessagePassingTransformerConfig): AttentionLayout {
  const [blocks, , , length] = features['keyBias']!.shape as [number, number, number, number]
  return { blocks, length, heads }
}

function toBlocks(atoms: tf.Tensor, features: Tensors): tf.Tensor {
  return tf.gather(atoms, features['rowAtoms'] as tf.Tensor1D)
}

function toAtoms(rows: tf.Tensor, features: Tensors): tf.Tensor {
  return tf.gather(rows, features['atomRows'] as tf.Tensor1D)
}

/** Step 4: every reading, then the mean over the readings of each pair. */
function readPairs(
  weights: Tensors,
  atoms: tf.Tensor,
  features: Tensors,
  { partWidth }: MessagePassingTransformerConfig,
): Prediction {
  const { firsts, seconds } = atomsOf(features, 'reading')
  const read = tf.concat(
    [
      tf.gather(atoms, firsts),
      tf.gather(atoms, seconds),
      features['readingFeatures']!,
      features['readingMolecules']!,
    ],
    1,
  )
  const dense = tf.relu(linear(weights, 'readout/dense', read))
  const ofTypes = COUPLING_TYPES.map((type, index) =>
    linear(weights, typeDense(type), tf.gather(dense, features[readingsOf(index)] as tf.Tensor1D)),
  )
  const ofType = tf.gather(tf.concat(ofTypes, 0), features['readingPlaces'] as tf.Tensor1D)
  const hidden = tf.relu(linear(weights, 'readout/parts', tf.add(read, ofType)))
  const sums = tf.sum(
    tf.mul(tf.reshape(hidden, [-1, PARTS, partWidth]), weights['readout/sums']!),
    2,
  )
  const parts = tf.mul(tf.add(sums, weights['readout/offsets']!), features['readingFactors']!)
  // A pair that is read once stands in both lists with its only reading.
  const own = (name: string): tf.Tensor => tf.gather(parts, features[name] as tf.Tensor1D)
  const ofPairs = tf.mul(0.5, tf.add(own('pairReadings'), own('pairOtherReadings')))
  const contributions = tf.slice(ofPairs, [0, 0], [-1, PARTS - 1]) as tf.Tensor2D
  return { couplings: tf.sum(ofPairs, 1), contributions }
}

const ZERO = { kind: 'constant', value: 0 } as const

/** Where the parameters of a type's dense layer are. */
function typeDense(type: string): string {
  return `readout/dense-${type.toLowerCase()}`
}

function edgeNetworkSpec(
  name: string,
  inputs: number,
  { width, kernel, edgeWidth }: MessagePassingTransformerConfig,
): ParameterSpec {
  const hidden = [edgeWidth, edgeWidth, edgeWidth]
  return multilayerPerceptronSpec(name, [inputs, ...hidden, kernel * width])
}
