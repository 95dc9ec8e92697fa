/**
 * Edge-aware graph attention with gated residuals, after team Hyperspatial Engineers (4th of the 2019 CHAMPS competition). Graph
 * attention: Veličković et al., ICLR 2018; here an edge has a state of its own and gates what passes along it.
 *
 * 1. An atom starts as the embedding of its element and three constants of the element.
 * 2. Atoms one, two or three bonds apart are joined by edges in both directions, and every atom with itself; an edge starts
 *    as the embedding of its kind (which tells single, double, triple and aromatic bonds apart), its distance, its bond angle and its
 *    signed dihedral angle.
 * 3. Some blocks, each: (a) linear maps of atoms and edges, cut into heads; (b) each head scores the triple of source, edge and
 *    target, by a softmax over the edges that arrive at the target; (c) an atom becomes the sum over its arriving edges of source
 *    times score times edge, channel by channel; (d) an edge becomes a linear map of its new source, itself and its new
 *    target; (e) layer normalisation and PReLU; (f) from the second block on, a gate mixes the result with what was before.
 * 4. A coupled pair is read from its edge by a network with one output for each type, in both directions, averaged.
 */
import { COUPLING_TYPES } from '@couplet/data'
import type { Context, ParameterSpec, Tensors } from '@couplet/engine'
import { layerNorm, layerNormSpec, linear, linearSpec, untrainedSpec } from '@couplet/layers'
import type { Prediction } from '@couplet/model'
import * as tf from '@tensorflow/tfjs'
import { EDGE_MEASURES } from './edgeScale.ts'
import { EDGE_TYPES } from './edgeKinds.ts'
import { atomValues, ELEMENTS } from './featurize.ts'
import { segmentSoftmax } from './segmentSoftmax.ts'

/** Hyperparameters. */
export type EdgeGraphAttentionConfig = {
  /** Length of the first states of atoms and of edges. */
  readonly embedding: number
  /** Heads of every block, and channels of each head. */
  readonly heads: number
  readonly headWidth: number
  /** Number of blocks. */
  readonly blocks: number
  /** Hidden values of the readout. */
  readonly readoutWidth: number
  /** Whether an edge's measures are standardised over all edges, as in 2019, or over those of the same bonds and elements. */
  readonly standardisation: string
  /**
   * Whether the vectors of the attention's scores and the edges' maps, both of each head by itself, are `trained`, or `frozen` at their random start
   * as in 2019, where they never got a gradient.
   */
  readonly scorer: string
  /**
   * Whether the network holds what the original held but does not use here, so that it has as many parameters: room for a partial charge at
   * the atoms, always 0, and the gate of the atoms after the last block.
   */
  readonly idleParts: boolean
  /** Whether gates mix what a block makes with what was before, as they do where this is left out, or both are added. */
  readonly gates?: boolean
}

/** Every array of the network. */
export function parameters(config: EdgeGraphAttentionConfig): ParameterSpec {
  const { embedding, heads, headWidth, blocks, readoutWidth, idleParts } = config
  const trainable = config.scorer !== 'frozen'
  const width = heads * headWidth
  const gated = (index: number): boolean => index > 0 && config.gates !== false
  // Nothing reads the atoms after the last block: there is no gate to learn.
  const atomGate = (index: number): ParameterSpec => {
    if (!gated(index) || (index === blocks - 1 && !idleParts)) return {}
    const gate = gateSpec(`block-${index}/atom-gate`, width)
    return index === blocks - 1 ? untrainedSpec(gate) : gate
  }
  const perBlock = Array.from({ length: blocks }, (_, index): ParameterSpec => {
    const name = `block-${index}`
    const inputs = index === 0 ? embedding : width
    return {
      ...linearSpec(`${name}/atoms`, inputs, width, { bias: false }),
      ...linearSpec(`${name}/edges`, inputs, width, { bias: false }),
      ...triples((part) => perHead(`${name}/score/${part}`, [heads, headWidth, 1], trainable)),
      ...triples((part) =>
        perHead(`${name}/update/${part}`, [heads, headWidth, headWidth], trainable),
      ),
      ...layerNormSpec(`${name}/norm`, width),
      [`${name}/slope`]: slope,
      ...atomGate(index),
      ...(gated(index) ? gateSpec(`${name}/edge-gate`, width) : {}),
    }
  })
  return Object.assign(
    {
      'embedding/elements': embeddingOf(ELEMENTS, embedding - atomValues(idleParts)),
      'embedding/edges': embeddingOf(EDGE_TYPES, embedding - EDGE_MEASURES),
    },
    ...perBlock,
    linearSpec('readout/hidden', width, readoutWidth),
    { 'readout/slope': slope },
    linearSpec('readout/output', readoutWidth, COUPLING_TYPES.length),
  )
}

/** Standardised couplings `[pairs]` of a batch. */
export function forward(
  weights: Tensors,
  features: Tensors,
  _context: Context,
  config: EdgeGraphAttentionConfig,
): Prediction {
  let atoms = embedAtoms(weights, features)
  let edges = embedEdges(weights, features)
  for (let index = 0; index < config.blocks; index++) {
    const name = `block-${index}`
    const before = { atoms, edges }
    ;({ atoms, edges } = attend(weights, name, before, features, config))
    if (index === 0) continue
    const residual = config.gates === false ? plainResidual : gatedResidual
    edges = residual(weights, `${name}/edge-gate`, before.edges, edges)
    if (index === config.blocks - 1) break
    atoms = residual(weights, `${name}/atom-gate`, before.atoms, atoms)
  }
  return { couplings: readPairs(weights, edges, features) }
}

/** Step 1. */
function embedAtoms(weights: Tensors, features: Tensors): tf.Tensor {
  const elements = tf.gather(weights['embedding/elements']!, features['elements'] as tf.Tensor1D)
  return tf.concat([elements, features['atomConstants']!], 1)
}

/** Step 2. */
function embedEdges(weights: Tensors, features: Tensors): tf.Tensor {
  const types = tf.matMul(features['edgeKinds']!, weights['embedding/edges']!)
  return tf.concat([types, features['edgeMeasures']!], 1)
}

interface States {
  readonly atoms: tf.Tensor
  readonly edges: tf.Tensor
}

/** Steps 3a to 3e. */
function attend(
  weights: Tensors,
  name: string,
  before: States,
  features: Tensors,
  { heads, headWidth }: EdgeGraphAttentionConfig,
): States {
  const sources = features['sources'] as tf.Tensor1D
  const targets = features['targets'] as tf.Tensor1D
  const mappedAtoms = linear(weights, `${name}/atoms`, before.atoms)
  const mappedEdges = linear(weights, `${name}/edges`, before.edges)
  const count = mappedAtoms.shape[0]
  // The part of a triple that belongs to an atom is computed once for the atom, not once for each of its edges.
  const combine = (part: 'score' | 'update', atoms: tf.Tensor, edges: tf.Tensor): tf.Tensor => {
    const act = (place: string, rows: tf.Tensor): tf.Tensor =>
      mapHeads(weights[`${name}/${part}/${place}`]!, rows, heads, headWidth)
    const fromSource = tf.gather(act('source', atoms), sources)
    const fromTarget = tf.gather(act('target', atoms), targets)
    return tf.add(act('edge', edges), tf.add(fromSource, fromTarget))
  }
  const scores = tf.leakyRelu(combine('score', mappedAtoms, mappedEdges), 0.2)
  const attention = segmentSoftmax(scores, targets, count)
  const gates = tf.mul(tf.expandDims(attention, 2), tf.reshape(mappedEdges, [-1, heads, headWidth]))
  const messages = tf.mul(
    tf.gather(mappedAtoms, sources),
    tf.reshape(gates, [-1, heads * headWidth]),
  )
  const atoms = tf.unsortedSegmentSum(messages, targets, count)
  const edges = combine('update', atoms, mappedEdges)
  const finish = (rows: tf.Tensor): tf.Tensor =>
    tf.prelu(layerNorm(weights, `${name}/norm`, rows), weights[`${name}/slope`]!)
  return { atoms: finish(atoms), edges: finish(edges) }
}

/** A linear map of every head by itself: rows `[rows, heads * headWidth]` by kernel `[heads, headWidth, outputs]` to `[rows, heads * outputs]`. */
function mapHeads(
  kernel: tf.Tensor,
  rows: tf.Tensor,
  heads: number,
  headWidth: number,
): tf.Tensor2D {
  const split = tf.transpose(tf.reshape(rows, [-1, heads, headWidth]), [1, 0, 2])
  const mapped = tf.matMul(split, kernel)
  return tf.reshape(tf.transpose(mapped, [1, 0, 2]), [-1, heads * kernel.shape[2]!])
}

/** Step 3f: `z * current + (1 - z) * previous` with `z = sigmoid(P previous + C current + b)`. */
function gatedResidual(
  weights: Tensors,
  name: string,
  previous: tf.Tensor,
  current: tf.Tensor,
): tf.Tensor {
  const gate = tf.sigmoid(
    tf.add(
      linear(weights, `${name}/current`, current),
      linear(weights, `${name}/previous`, previous),
    ),
  )
  return tf.add(previous, tf.mul(gate, tf.sub(current, previous)))
}

/** Step 3f without gates. */
function plainResidual(
  _weights: Tensors,
  _name: string,
  previous: tf.Tensor,
  current: tf.Tensor,
): tf.Tensor {
  return tf.add(previous, current)
}

/** Step 4. */
function readPairs(weights: Tensors, edges: tf.Tensor, features: Tensors): tf.Tensor1D {
  const direction = (rows: tf.Tensor1D): tf.Tensor =>
    tf.prelu(linear(weights, 'readout/hidden', tf.gather(edges, rows)), weights['readout/slope']!)
  // The last layer is linear: the mean of the hidden values gives the mean of the outputs.
  const hidden = tf.mul(
    0.5,
    tf.add(
      direction(features['pairEdges'] as tf.Tensor1D),
      direction(features['pairReverseEdges'] as tf.Tensor1D),
    ),
  )
  const outputs = linear(weights, 'readout/output', hidden)
  return tf.sum(tf.mul(outputs, features['pairTypes']!), 1)
}

const slope = { shape: [1], initialiser: { kind: 'constant', value: 0.25 } } as const

function embeddingOf(rows: number, width: number): ParameterSpec[string] {
  return { shape: [rows, width], initialiser: { kind: 'normal', deviation: 1 } }
}

/** One array for each member of a triple: source atom, edge, target atom. */
function triples(arrays: (part: string) => ParameterSpec): ParameterSpec {
  return { ...arrays('source'), ...arrays('edge'), ...arrays('target') }
}

/** Kernel of a map that every head has for itself; Glorot over the whole triple. */
function perHead(
  name: string,
  shape: readonly [heads: number, inputs: number, outputs: number],
  trainable: boolean,
): ParameterSpec {
  const [, inputs, outputs] = shape
  const bound = Math.sqrt(6 / (3 * inputs + outputs))
  return { [name]: { shape, initialiser: { kind: 'uniform', bound }, trainable } }
}

function gateSpec(name: string, width: number): ParameterSpec {
  return {
    ...linearSpec(`${name}/current`, width, width),
    ...linearSpec(`${name}/previous`, width, width, { bias: false }),
  }
}
