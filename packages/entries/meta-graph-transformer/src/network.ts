/**
 * The meta-graph transformer, after team hybrid (winners of the 2019 CHAMPS competition; Bosch Research, BCAI and Carnegie Mellon
 * University); self-attention: Vaswani et al., NeurIPS 2017.
 *
 * 1. Atoms, pairs of atoms and bonded angles are all tokens of one sequence.
 * 2. A token starts as the sum of embeddings of its symbols, from coarse (element) to fine (bonds of the atoms), and of a linear map
 *    of waves of what is measured at it: an angle or a squared distance.
 * 3. Some layers, each: attention of every token to every other, which squared distance weakens: the scores lose the distance
 *    times a learnt range of the two tokens' classes; then a feed-forward network. Layer normalisation in front of both, residuals.
 * 4. Every subtype of coupling (type and bonds of the heavy atom) has private layers with residuals, and a mean and a spread of its
 *    own.
 */
import type { Context, ParameterSpec, Tensors } from '@couplet/engine'
import { layerNorm, layerNormSpec, linear, linearSpec, multiHeadAttention } from '@couplet/layers'
import type { Prediction } from '@couplet/model'
import * as tf from '@tensorflow/tfjs'
import { CLASSES } from './metaGraph.ts'
import { SUBTYPE_LEVEL, type Vocabulary } from './vocabulary.ts'

/** Hyperparameters. */
export type MetaGraphTransformerConfig = {
  /** Length of a token's state; even. */
  readonly width: number
  /** Layers, heads of each, and hidden values of its feed-forward network. */
  readonly layers: number
  readonly heads: number
  readonly innerWidth: number
  /** Hidden values of a subtype's private layers, and number of their residual blocks. */
  readonly headWidth: number
  readonly headBlocks: number
  /** Shares of values that dropout sets to zero, in the layers and in the private layers. */
  readonly dropout: number
  readonly headDropout: number
  /** Pairs more than three bonds apart are tokens up to this distance in angstrom; 0: all pairs are. */
  readonly reach: number
  /** Radians by which the fastest wave turns in a unit of what is measured (squared angstrom, radian). */
  readonly fastest: number
  /** Pairs that a subtype must have in the training set to stand by itself. */
  readonly rare: number
  /** Whether squared distance weakens attention, as it does where this is left out. */
  readonly distanceBias?: boolean
}

/** Every trainable array of the network, for the numbers of symbols of a vocabulary. */
export function parameters(
  config: MetaGraphTransformerConfig,
  { symbols }: Pick<Vocabulary, 'symbols'>,
): ParameterSpec {
  const { width, layers, innerWidth, headWidth, headBlocks } = config
  const subtypes = symbols[1]![SUBTYPE_LEVEL]!.length
  const embeddings = CLASSES.map((name, index): ParameterSpec => ({
    ...Object.assign(
      {},
      ...symbols[index]!.map((list, level) => ({
        [`embedding/${name}/level-${level}`]: {
          shape: [list.length, width],
          initialiser: { kind: 'normal', deviation: 1 / Math.sqrt(symbols[index]!.length) },
        },
      })),
    ),
    ...linearSpec(`embedding/${name}/measure`, width, width),
  }))
  const perLayer = Array.from({ length: layers }, (_, index): ParameterSpec => ({
    ...layerNormSpec(`layer-${index}/attention/norm`, width),
    ...linearSpec(`layer-${index}/attention/in`, width, 3 * width),
    ...(config.distanceBias === false
      ? {}
      : {
          [`layer-${index}/attention/range`]: {
            shape: [CLASSES.length, CLASSES.length],
            initialiser: { kind: 'constant', value: 1 },
          },
        }),
    ...linearSpec(`layer-${index}/attention/out`, width, width, { bias: false }),
    ...layerNormSpec(`layer-${index}/inner/norm`, width),
    ...linearSpec(`layer-${index}/inner/in`, width, innerWidth),
    ...linearSpec(`layer-${index}/inner/out`, innerWidth, width),
  }))
  const blocks = Array.from({ length: headBlocks }, (_, block): ParameterSpec => ({
    ...privateSpec(`readout/block-${block}/in`, subtypes, headWidth, headWidth),
    ...privateSpec(`readout/block-${block}/out`, subtypes, headWidth, headWidth),
  }))
  return Object.assign(
    {},
    ...embeddings,
    ...perLayer,
    layerNormSpec('readout/norm', width),
    privateSpec('readout/in', subtypes, width, headWidth),
    ...blocks,
    privateSpec('readout/out', subtypes, headWidth, 1),
  )
}

/** Standardised couplings `[pairs]` of a batch. */
export function forward(
  weights: Tensors,
  features: Tensors,
  context: Context,
  config: MetaGraphTransformerConfig,
): Prediction {
  let tokens = embedTokens(weights, features, config)
  for (let index = 0; index < config.layers; index++) {
    tokens = attend(weights, `layer-${index}/attention`, tokens, features, context, config)
    tokens = feedForward(weights, `layer-${index}/inner`, tokens, context, config)
  }
  return { couplings: readPairs(weights, tokens, features, context, config) }
}

/** Step 2: `[blocks * tokens, width]`. */
function embedTokens(
  weights: Tensors,
  features: Tensors,
  { width, fastest }: MetaGraphTransformerConfig,
): tf.Tensor {
  return CLASSES.map((name): tf.Tensor => {
    const waves = sinusoids(features[`${name}Measure`]!, width, fastest)
    let sum: tf.Tensor = linear(weights, `embedding/${name}/measure`, waves)
    for (let level = 0; `embedding/${name}/level-${level}` in weights; level++) {
      // Row 0: a symbol that the training molecules did not have, or a token of another class.
      const table = tf.concat(
        [tf.zeros([1, width]), weights[`embedding/${name}/level-${level}`]!],
        0,
      )
      sum = tf.add(sum, tf.gather(table, features[`${name}Level${level}`] as tf.Tensor1D))
    }
    return tf.mul(sum, features[`${name}Class`]!)
  }).reduce((one, other) => tf.add(one, other))
}

/** `cos(fastest x 1000^(-2k/d))` and `sin` of the same, for k from 0 to d/2: `[rows, 1]` to `[rows, width]`. */
function sinusoids(measures: tf.Tensor, width: number, fastest: number): tf.Tensor {
  const half = width / 2
  const rates = Array.from({ length: half }, (_, k) => fastest * 1000 ** ((-2 * k) / width))
  const phases = tf.mul(measures, tf.tensor2d(rates, [1, half]))
  return tf.concat([tf.cos(phases), tf.sin(phases)], 1)
}

/** Step 3, attention. */
function attend(
  weights: Tensors,
  name: string,
  tokens: tf.Tensor,
  features: Tensors,
  context: Context,
  { heads, dropout }: MetaGraphTransformerConfig,
): tf.Tensor {
  const [blocks, length] = features['distances']!.shape as [number, number]
  const range = weights[`${name}/range`]
  const bias = range
    ? tf.sub(features['keyBias']!, tf.expandDims(distanceBias(range, features), 1))
    : features['keyBias']!
  const projected = linear(weights, `${name}/in`, layerNorm(weights, `${name}/norm`, tokens))
  const attended = tf.leakyRelu(
    multiHeadAttention(projected, bias, { blocks, length, heads }),
    0.01,
  )
  return tf.add(tokens, context.dropout(linear(weights, `${name}/out`, attended), dropout))
}

/** Squared distance times the learnt range of the two tokens' classes, `[blocks, tokens, tokens]`. */
function distanceBias(range: tf.Tensor, features: Tensors): tf.Tensor {
  const classes = features['classes'] as tf.Tensor3D
  const [blocks, length, count] = classes.shape
  const flat = tf.reshape(classes, [blocks * length, count])
  const ofQuery = tf.reshape(tf.matMul(flat, range as tf.Tensor2D), [blocks, length, count])
  return tf.mul(tf.matMul(ofQuery, classes, false, true), features['distances']!)
}

/** Step 3, feed-forward. */
function feedForward(
  weights: Tensors,
  name: string,
  tokens: tf.Tensor,
  context: Context,
  { dropout }: MetaGraphTransformerConfig,
): tf.Tensor {
  const hidden = tf.relu(linear(weights, `${name}/in`, layerNorm(weights, `${name}/norm`, tokens)))
  return tf.add(tokens, linear(weights, `${name}/out`, context.dropout(hidden, dropout)))
}

/** Step 4. */
function readPairs(
  weights: Tensors,
  tokens: tf.Tensor,
  features: Tensors,
  context: Context,
  { headBlocks, headDropout }: MetaGraphTransformerConfig,
): tf.Tensor1D {
  const subtypes = features['pairSubtypes'] as tf.Tensor1D
  const pairs = tf.gather(tokens, features['pairTokens'] as tf.Tensor1D)
  const layer = (name: string, rows: tf.Tensor): tf.Tensor =>
    privateLinear(weights, `readout/${name}`, rows, subtypes)
  let hidden = layer('in', layerNorm(weights, 'readout/norm', pairs))
  for (let block = 0; block < headBlocks; block++) {
    const inner = tf.relu(layer(`block-${block}/in`, hidden))
    const update = layer(`block-${block}/out`, context.dropout(inner, headDropout))
    hidden = tf.add(hidden, update)
  }
  const own = tf.reshape<tf.Rank.R1>(layer('out', hidden), [-1])
  return tf.add(tf.mul(own, features['pairScales']!), features['pairShifts'] as tf.Tensor1D)
}

/** A linear layer whose kernel and bias belong to the row's subtype: `[rows, inputs]` to `[rows, outputs]`. */
function privateLinear(
  weights: Tensors,
  name: string,
  rows: tf.Tensor,
  subtypes: tf.Tensor1D,
): tf.Tensor {
  const kernels = tf.gather(weights[`${name}/kernel`]!, subtypes)
  const products = tf.squeeze(tf.matMul(tf.expandDims(rows, 1), kernels), [1])
  return tf.add(products, tf.gather(weights[`${name}/bias`]!, subtypes))
}

function privateSpec(
  name: string,
  subtypes: number,
  inputs: number,
  outputs: number,
): ParameterSpec {
  const bound = Math.sqrt(6 / (inputs + outputs))
  return {
    [`${name}/kernel`]: {
      shape: [subtypes, inputs, outputs],
      initialiser: { kind: 'uniform', bound },
    },
    [`${name}/bias`]: { shape: [subtypes, outputs], initialiser: { kind: 'constant', value: 0 } },
  }
}
