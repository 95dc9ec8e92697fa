/**
 * A transformer whose words are atom pairs, after team [ka.kr] Solve chem. together (3rd of the 2019 CHAMPS competition); the encoder
 * is that of BERT: Devlin et al., NAACL 2019.
 *
 * 1. Every coupled pair of a molecule is a token. An atom that couples with none gets a mute token with its nearest neighbour,
 *    so that the others can see it.
 * 2. A token starts as embeddings of its two elements and its type and linear maps of its ends' coordinates and distance.
 * 3. Some layers, each: attention of all tokens to all tokens of the molecule, then a feed-forward network; both with a residual and
 *    layer normalisation behind.
 * 4. Every coupling type has two private networks: one predicts the coupling, one the four contributions. The coupling is the
 *    mean of the first and of the sum of the others, each brought to hertz by its own spread.
 * The coordinates are those of the file: molecules are turned and shifted at random while training.
 */
import { COUPLING_TYPES } from '@couplet/data'
import type { Context, ParameterSpec, Tensors } from '@couplet/engine'
import {
  layerNorm,
  layerNormSpec,
  linear,
  linearSpec,
  multiHeadAttention,
  untrainedSpec,
} from '@couplet/layers'
import type { Prediction } from '@couplet/model'
import * as tf from '@tensorflow/tfjs'
import { gelu } from './gelu.ts'
import { ELEMENTS, TOKEN_TYPES } from './pairTokens.ts'

/** Hyperparameters. */
export type PairTransformerConfig = {
  /** Length of the embeddings of an element, of a type, of a coordinate triple and of the distance. */
  readonly elementWidth: number
  readonly typeWidth: number
  readonly positionWidth: number
  readonly distanceWidth: number
  /**
   * Length of the embedding of an atom's Mulliken charge; 0: no charges, because a user's molecule has none. A network with charges is held as the
   * original was, with the private networks of the mute pairs, which no loss ever reached, untrained.
   */
  readonly chargeWidth: number
  /** Layers of the encoder, heads of each, and hidden values of its feed-forward network. */
  readonly layers: number
  readonly heads: number
  readonly innerWidth: number
  /** Hidden values of the private networks. */
  readonly headWidth: number
  /** Share of values that dropout sets to zero. */
  readonly dropout: number
  /** Standard deviation of the random shift of a molecule while training, in angstrom on every axis. */
  readonly shift: number
}

/** Length of a token's state. */
function widthOf(config: PairTransformerConfig): number {
  const { elementWidth, typeWidth, positionWidth, distanceWidth, chargeWidth } = config
  return 2 * (elementWidth + positionWidth + chargeWidth) + typeWidth + distanceWidth
}

/** Every array of the network. */
export function parameters(config: PairTransformerConfig): ParameterSpec {
  const { layers, innerWidth, headWidth } = config
  const width = widthOf(config)
  const perLayer = Array.from({ length: layers }, (_, index) => ({
    ...linearSpec(`layer-${index}/attention/in`, width, 3 * width),
    ...linearSpec(`layer-${index}/attention/out`, width, width),
    ...layerNormSpec(`layer-${index}/attention/norm`, width),
    ...linearSpec(`layer-${index}/inner/in`, width, innerWidth),
    ...linearSpec(`layer-${index}/inner/out`, innerWidth, width),
    ...layerNormSpec(`layer-${index}/inner/norm`, width),
  }))
  const headsOf = (type: string): ParameterSpec => ({
    ...headSpec(`${headOf(type)}/coupling`, width, headWidth, 1),
    ...headSpec(`${headOf(type)}/contributions`, width, headWidth, 4),
  })
  const heads = [
    ...COUPLING_TYPES.map(headsOf),
    ...(config.chargeWidth > 0 ? [untrainedSpec(headsOf('mute'))] : []),
  ]
  return Object.assign(
    {
      'embedding/elements': embeddingOf(ELEMENTS.length, config.elementWidth),
      'embedding/types': embeddingOf(TOKEN_TYPES, config.typeWidth),
    },
    linearSpec('embedding/positions', 3, config.positionWidth, { bias: false }),
    linearSpec('embedding/distance', 1, config.distanceWidth, { bias: false }),
    config.chargeWidth > 0
      ? linearSpec('embedding/charge', 1, config.chargeWidth, { bias: false })
      : {},
    ...perLayer,
    ...heads,
  )
}

/** Standardised couplings `[pairs]` and contributions `[pairs, 4]` of a batch. */
export function forward(
  weights: Tensors,
  features: Tensors,
  context: Context,
  config: PairTransformerConfig,
): Prediction {
  let tokens = embedTokens(weights, features, context, config)
  for (let index = 0; index < config.layers; index++) {
    tokens = attend(weights, `layer-${index}/attention`, tokens, features, context, config)
    tokens = feedForward(weights, `layer-${index}/inner`, tokens, context, config)
  }
  return readPairs(weights, tokens, features, context, config)
}

/** Steps 1 and 2: `[blocks * tokens, width]`. */
function embedTokens(
  weights: Tensors,
  features: Tensors,
  context: Context,
  config: PairTransformerConfig,
): tf.Tensor {
  const element = (rows: string): tf.Tensor =>
    tf.gather(weights['embedding/elements']!, features[rows] as tf.Tensor1D)
  const shift = randomShift(features, context, config)
  const position = (name: string): tf.Tensor =>
    linear(weights, 'embedding/positions', tf.add(features[name]!, shift))
  return tf.concat(
    [
      element('firstElements'),
      element('secondElements'),
      tf.gather(weights['embedding/types']!, features['tokenTypes'] as tf.Tensor1D),
      position('firstPositions'),
      position('secondPositions'),
      linear(weights, 'embedding/distance', features['distances']!),
      ...(config.chargeWidth > 0 ? ['firstCharges', 'secondCharges'] : []).map((name) =>
        linear(weights, 'embedding/charge', features[name]!),
      ),
    ],
    1,
  )
}

/** A normal shift of each molecule, the same for all its tokens, `[blocks * tokens, 3]`; zero where not training (Box and Muller 1958). */
function randomShift(
  features: Tensors,
  context: Context,
  { shift }: PairTransformerConfig,
): tf.Tensor {
  const [blocks, , , length] = features['keyBias']!.shape as [number, number, number, number]
  const radius = tf.sqrt(tf.mul(-2, tf.log(tf.sub(1, context.random([blocks, 1, 3])))))
  const turn = tf.cos(tf.mul(2 * Math.PI, context.random([blocks, 1, 3])))
  const normal = tf.mul(tf.mul(radius, turn), shift)
  return tf.reshape(tf.tile(normal, [1, length, 1]), [blocks * length, 3])
}

/** Step 3, first half. */
function attend(
  weights: Tensors,
  name: string,
  tokens: tf.Tensor,
  features: Tensors,
  context: Context,
  { heads, dropout }: PairTransformerConfig,
): tf.Tensor {
  const bias = features['keyBias']!
  const [blocks, , , length] = bias.shape as [number, number, number, number]
  const projected = linear(weights, `${name}/in`, tokens)
  const attended = multiHeadAttention(projected, bias, { blocks, length, heads })
  const update = context.dropout(linear(weights, `${name}/out`, attended), dropout)
  return layerNorm(weights, `${name}/norm`, tf.add(tokens, update))
}

/** Step 3, second half. */
function feedForward(
  weights: Tensors,
  name: string,
  tokens: tf.Tensor,
  context: Context,
  { dropout }: PairTransformerConfig,
): tf.Tensor {
  const hidden = gelu(linear(weights, `${name}/in`, tokens))
  const update = context.dropout(linear(weights, `${name}/out`, hidden), dropout)
  return layerNorm(weights, `${name}/norm`, tf.add(tokens, update))
}

/** Step 4. */
function readPairs(
  weights: Tensors,
  tokens: tf.Tensor,
  features: Tensors,
  context: Context,
  config: PairTransformerConfig,
): Prediction {
  const results = COUPLING_TYPES.map((type) => {
    const own = tf.gather(tokens, features[`tokensOf${type}`] as tf.Tensor1D)
    return {
      coupling: readHead(weights, `${headOf(type)}/coupling`, own, context, config),
      contributions: readHead(weights, `${headOf(type)}/contributions`, own, context, config),
    }
  })
  const inOrder = (rows: tf.Tensor[]): tf.Tensor =>
    tf.gather(tf.concat(rows, 0), features['pairPlaces'] as tf.Tensor1D)
  const direct = inOrder(results.map(({ coupling }) => coupling))
  // Each is standardised by its own deviation; in deviations of the coupling they add up to it.
  const standardised = inOrder(results.map((result) => result.contributions))
  const contributions = tf.mul<tf.Tensor2D>(standardised, features['contributionShares']!)
  const sum = tf.sum(contributions, 1, true)
  const couplings = tf.reshape<tf.Rank.R1>(tf.mul(tf.add(direct, sum), 0.5), [-1])
  return { couplings, contributions }
}

/** Where the parameters of a type's private networks are, or of those of the mute pairs. */
function headOf(type: string): string {
  return `head-${type.toLowerCase()}`
}

/** A private network: two hidden layers with layer normalisation, leaky ReLU and dropout. */
function readHead(
  weights: Tensors,
  name: string,
  rows: tf.Tensor,
  context: Context,
  { dropout }: PairTransformerConfig,
): tf.Tensor {
  let values = rows
  for (const layer of [0, 1]) {
    const hidden = layerNorm(
      weights,
      `${name}/norm-${layer}`,
      linear(weights, `${name}/${layer}`, values),
    )
    values = context.dropout(tf.leakyRelu(hidden, 0.01), dropout)
  }
  return linear(weights, `${name}/output`, values)
}

function headSpec(name: string, inputs: number, hidden: number, outputs: number): ParameterSpec {
  return {
    ...linearSpec(`${name}/0`, inputs, hidden),
    ...layerNormSpec(`${name}/norm-0`, hidden),
    ...linearSpec(`${name}/1`, hidden, hidden),
    ...layerNormSpec(`${name}/norm-1`, hidden),
    ...linearSpec(`${name}/output`, hidden, outputs),
  }
}

function embeddingOf(rows: number, width: number): ParameterSpec[string] {
  return { shape: [rows, width], initialiser: { kind: 'normal', deviation: 1 } }
}
