/**
 * A transformer on raw coordinates, after team Quantum Uncertainty (2nd of the 2019 CHAMPS competition); encoder layers with the
 * normalisation behind: Vaswani et al., NeurIPS 2017.
 *
 * 1. A molecule is seen from each of its coupling hydrogens in turn: that atom is the origin, all atoms are tokens.
 * 2. A token is its coordinates, the embedding of the type of its coupling with the centre, and that of its element; nothing else.
 * 3. Some layers, each: attention without the usual scaling and with two linear maps behind it, then a feed-forward network; both
 *    with a residual and layer normalisation behind.
 * 4. While training, one atom of each sample may be knocked out: its attention becomes uniform in all layers.
 * 5. A coupling is read from the token of its other atom, next to the flags of its type: four numbers, whose sum it is. Between
 *    two hydrogens it is the mean of what both see.
 * Turning a molecule changes what the network sees; molecules are turned at random while training.
 */
import type { Context, ParameterSpec, Tensors } from '@couplet/engine'
import { layerNorm, layerNormSpec, linear, linearSpec, multiHeadAttention } from '@couplet/layers'
import type { Prediction } from '@couplet/model'
import * as tf from '@tensorflow/tfjs'
import { ELEMENTS, TYPES } from './featurize.ts'

/** Hyperparameters. */
export type CoordinateTransformerConfig = {
  /** Length of a token's state. */
  readonly width: number
  /** Layers, heads of each, and hidden values of its feed-forward network. */
  readonly layers: number
  readonly heads: number
  readonly innerWidth: number
  /** Whether one atom of each sample is knocked out while training. */
  readonly knockout: boolean
}

/** Every trainable array of the network. */
export function parameters({
  width,
  layers,
  innerWidth,
}: CoordinateTransformerConfig): ParameterSpec {
  const half = Math.floor(width / 2)
  const perLayer = Array.from({ length: layers }, (_, index) => ({
    ...linearSpec(`layer-${index}/attention/in`, width, 3 * width),
    ...linearSpec(`layer-${index}/attention/heads`, width, width),
    ...linearSpec(`layer-${index}/attention/out`, width, width),
    ...layerNormSpec(`layer-${index}/attention/norm`, width),
    ...linearSpec(`layer-${index}/inner/in`, width, innerWidth),
    ...linearSpec(`layer-${index}/inner/out`, innerWidth, width),
    ...layerNormSpec(`layer-${index}/inner/norm`, width),
  }))
  return Object.assign(
    {
      'embedding/types': embeddingOf(TYPES, width - half - 3),
      'embedding/elements': embeddingOf(ELEMENTS, half),
    },
    ...perLayer,
    linearSpec('readout', width + TYPES, 4),
  )
}

/** Standardised couplings `[pairs]` and contributions `[pairs, 4]` of a batch. */
export function forward(
  weights: Tensors,
  features: Tensors,
  context: Context,
  config: CoordinateTransformerConfig,
): Prediction {
  let tokens = embedTokens(weights, features)
  const left = queriesLeft(features, context, config)
  for (let index = 0; index < config.layers; index++) {
    tokens = attend(weights, `layer-${index}/attention`, tokens, left, features, config)
    tokens = feedForward(weights, `layer-${index}/inner`, tokens)
  }
  return readPairs(weights, tokens, features)
}

/** Step 2: `[samples * atoms, width]`. */
function embedTokens(weights: Tensors, features: Tensors): tf.Tensor {
  return tf.concat(
    [
      features['coordinates']!,
      tf.gather(weights['embedding/types']!, features['types'] as tf.Tensor1D),
      tf.gather(weights['embedding/elements']!, features['elements'] as tf.Tensor1D),
    ],
    1,
  )
}

/**
 * Step 3, attention.
 * @param left factors of the queries, keys and values, where an atom is knocked out.
 */
function attend(
  weights: Tensors,
  name: string,
  tokens: tf.Tensor,
  left: tf.Tensor | undefined,
  features: Tensors,
  { heads }: CoordinateTransformerConfig,
): tf.Tensor {
  const bias = features['keyBias']!
  const [blocks, , , length] = bias.shape as [number, number, number, number]
  const all = linear(weights, `${name}/in`, tokens)
  const projected = left ? tf.mul(all, left) : all
  const attended = multiHeadAttention(projected, bias, { blocks, length, heads, scale: 1 })
  const update = linear(weights, `${name}/out`, linear(weights, `${name}/heads`, attended))
  return layerNorm(weights, `${name}/norm`, tf.add(tokens, update))
}

/**
 * Step 4: 0 for the query of one random atom of each sample, so that all its scores are equal, 1 for all others, keys and values
 * included: `[samples * atoms, 3 * width]`, for all layers alike. Nothing where no atom is knocked out.
 */
function queriesLeft(
  features: Tensors,
  context: Context,
  { width, knockout }: CoordinateTransformerConfig,
): tf.Tensor | undefined {
  if (!knockout || !context.training) return undefined
  const [samples, , , length] = features['keyBias']!.shape as [number, number, number, number]
  const chosen = tf.floor(tf.mul(context.random([samples, 1]), features['atomCounts']!))
  const places = tf.reshape(tf.range(0, length), [1, length])
  const out = tf.reshape(tf.cast(tf.equal(places, chosen), 'float32'), [samples * length, 1])
  const queries = tf.concat([tf.ones([1, width]), tf.zeros([1, 2 * width])], 1)
  return tf.sub(1, tf.mul(out, queries))
}

/** Step 3, feed-forward, with half a swish (the slope that was meant to be learnt stayed at 0.5). */
function feedForward(weights: Tensors, name: string, tokens: tf.Tensor): tf.Tensor {
  const hidden = linear(weights, `${name}/in`, tokens)
  const update = linear(weights, `${name}/out`, tf.mul(tf.mul(hidden, tf.sigmoid(hidden)), 0.5))
  return layerNorm(weights, `${name}/norm`, tf.add(tokens, update))
}

/** Step 5. */
function readPairs(weights: Tensors, tokens: tf.Tensor, features: Tensors): Prediction {
  const rows = tf.concat([tokens, features['typeFlags']!], 1)
  const seen = (name: string): tf.Tensor => tf.gather(rows, features[name] as tf.Tensor1D)
  const both = tf.mul(tf.add(seen('pairTokens'), seen('pairOtherTokens')), 0.5)
  const contributions = linear(weights, 'readout', both)
  return { couplings: tf.sum(contributions, 1), contributions }
}

function embeddingOf(rows: number, width: number): ParameterSpec[string] {
  return { shape: [rows, width], initialiser: { kind: 'normal', deviation: 1 } }
}
