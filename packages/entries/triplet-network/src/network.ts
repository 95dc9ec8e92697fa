/**
 * A network with states of atoms, pairs and triples of atoms, after toshi_k (19th of the 2019 CHAMPS competition). The activation f is the
 * shifted softplus of SchNet: Schütt et al., NeurIPS 2017.
 *
 * 1. Every atom starts as a linear map of its flags, every ordered pair of atoms (an edge) as one of its distance on Gaussians and its
 *    bond's flags, every ordered triple as one of its angle and its triangle's area on Gaussians.
 * 2. Some layers, each: (a) a triple adds a network of its three edges, its three atoms and itself; (b) an atom adds a network of the
 *    sum of its edges, the sum of its triples and itself; (c) an edge adds a network of its two atoms, the sum of the triples that
 *    begin with it and itself. Each network is two maps without bias, each followed by f, and layer normalisation.
 * 3. A coupled pair is read from its two atoms, its edges in both directions and its distance, in both orders, averaged: four
 *    contributions, whose sum is the coupling.
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
  shiftedSoftplus,
} from '@couplet/layers'
import type { Prediction } from '@couplet/model'
import * as tf from '@tensorflow/tfjs'
import { ATOM_FLAGS, EDGE_FLAGS } from './featurize.ts'

/** Hyperparameters. */
export type TripletNetworkConfig = {
  /** Length of the states of atoms, of edges and of triples. */
  readonly atomWidth: number
  readonly edgeWidth: number
  readonly tripletWidth: number
  /** Number of layers. */
  readonly layers: number
  /** Hidden values of both layers of the readout. */
  readonly headWidth: number
  /** Number of Gaussians of the distance, 0 to 5 angstrom, and their width in angstrom squared. */
  readonly gaussians: number
  readonly gaussianWidth: number
  /** Number of Gaussians of a triple's angle, 0 to 3.5 radians, and as many of its area, 0 to 5 angstrom squared. */
  readonly tripletGaussians: number
}

/** Every trainable array of the network. */
export function parameters(config: TripletNetworkConfig): ParameterSpec {
  const { atomWidth, edgeWidth, tripletWidth, layers, headWidth } = config
  const perLayer = Array.from({ length: layers }, (_, index): ParameterSpec => {
    const name = `layer-${index}`
    return {
      ...map(`${name}/triplets/project-edges`, edgeWidth, tripletWidth),
      ...map(`${name}/triplets/project-atoms`, atomWidth, tripletWidth),
      ...updateSpec(`${name}/triplets`, 7 * tripletWidth, tripletWidth),
      ...map(`${name}/atoms/edges-0`, edgeWidth, atomWidth),
      ...map(`${name}/atoms/edges-1`, atomWidth, atomWidth),
      ...map(`${name}/atoms/triplets`, tripletWidth, tripletWidth),
      ...map(`${name}/atoms/triplets-sum`, tripletWidth, atomWidth),
      ...updateSpec(`${name}/atoms`, 3 * atomWidth, atomWidth),
      ...map(`${name}/edges/project-atoms`, atomWidth, edgeWidth),
      ...map(`${name}/edges/triplets`, tripletWidth, tripletWidth),
      ...map(`${name}/edges/triplets-sum`, tripletWidth, edgeWidth),
      ...updateSpec(`${name}/edges`, 4 * edgeWidth, edgeWidth),
    }
  })
  const read = 2 * atomWidth + 2 * edgeWidth + 1 + COUPLING_TYPES.length
  return Object.assign(
    {},
    map('embedding/atoms', ATOM_FLAGS, atomWidth),
    map('embedding/edges', config.gaussians + EDGE_FLAGS, edgeWidth),
    map('embedding/triplets', 2 * config.tripletGaussians, tripletWidth),
    ...perLayer,
    multilayerPerceptronSpec('readout', [read, headWidth, headWidth, 4]),
  )
}

/** Standardised couplings `[pairs]` and contributions `[pairs, 4]` of a batch. */
export function forward(
  weights: Tensors,
  features: Tensors,
  _context: Context,
  config: TripletNetworkConfig,
): Prediction {
  let { atoms, edges, triplets } = embed(weights, features, config)
  for (let index = 0; index < config.layers; index++) {
    const name = `layer-${index}`
    triplets = updateTriplets(weights, `${name}/triplets`, { atoms, edges, triplets }, features)
    atoms = updateAtoms(weights, `${name}/atoms`, { atoms, edges, triplets }, features)
    edges = updateEdges(weights, `${name}/edges`, { atoms, edges, triplets }, features)
  }
  return readPairs(weights, atoms, edges, features)
}

interface States {
  readonly atoms: tf.Tensor
  readonly edges: tf.Tensor
  readonly triplets: tf.Tensor
}

/** Step 1. */
function embed(
  weights: Tensors,
  features: Tensors,
  { gaussians, gaussianWidth, tripletGaussians: count }: TripletNetworkConfig,
): States {
  const distance = { count: gaussians, from: 0, to: 5, width: gaussianWidth }
  const distances = gaussianBasis(features['distances']!, distance)
  const angles = gaussianBasis(features['angles']!, { count, from: 0, to: 3.5, width: 1 / 20 })
  const areas = gaussianBasis(features['areas']!, { count, from: 0, to: 5, width: 1 / 10 })
  return {
    atoms: linear(weights, 'embedding/atoms', features['atomFlags']!),
    edges: linear(weights, 'embedding/edges', tf.concat([distances, features['edgeFlags']!], 1)),
    triplets: linear(weights, 'embedding/triplets', tf.concat([angles, areas], 1)),
  }
}

/** Step 2a: `t + LN f(W f(W[e_jk ; e_ik ; e_ij ; n_i ; n_j ; n_k ; t]))`, edges and atoms projected to the length of a triple's state. */
function updateTriplets(
  weights: Tensors,
  name: string,
  { atoms, edges, triplets }: States,
  features: Tensors,
): tf.Tensor {
  const ofEdges = linear(weights, `${name}/project-edges`, edges)
  const ofAtoms = linear(weights, `${name}/project-atoms`, atoms)
  const take = (rows: tf.Tensor, indices: string): tf.Tensor =>
    tf.gather(rows, features[indices] as tf.Tensor1D)
  return update(weights, name, triplets, [
    take(ofEdges, 'edgesJK'),
    take(ofEdges, 'edgesIK'),
    take(ofEdges, 'edgesIJ'),
    take(ofAtoms, 'firstAtoms'),
    take(ofAtoms, 'secondAtoms'),
    take(ofAtoms, 'thirdAtoms'),
  ])
}

/** Step 2b: `n + LN f(W f(W[sum_j f(W f(W e_ij)) ; W sum_jk f(W t_ijk) ; n]))`. */
function updateAtoms(
  weights: Tensors,
  name: string,
  { atoms, edges, triplets }: States,
  features: Tensors,
): tf.Tensor {
  const hidden = shiftedSoftplus(linear(weights, `${name}/edges-0`, edges))
  const messages = shiftedSoftplus(linear(weights, `${name}/edges-1`, hidden))
  const count = atoms.shape[0]
  const ofEdges = tf.unsortedSegmentSum(messages, features['sources'] as tf.Tensor1D, count)
  const ofTriplets = sumTriplets(weights, name, triplets, features['firstAtoms']!, count)
  return update(weights, name, atoms, [ofEdges, ofTriplets])
}

/** Step 2c: `e + LN f(W f(W[W n_i ; W n_j ; W sum_k f(W t_ijk) ; e]))`. */
function updateEdges(
  weights: Tensors,
  name: string,
  { atoms, edges, triplets }: States,
  features: Tensors,
): tf.Tensor {
  const ofAtoms = linear(weights, `${name}/project-atoms`, atoms)
  return update(weights, name, edges, [
    tf.gather(ofAtoms, features['sources'] as tf.Tensor1D),
    tf.gather(ofAtoms, features['targets'] as tf.Tensor1D),
    sumTriplets(weights, name, triplets, features['edgesIJ']!, edges.shape[0]),
  ])
}

/** `W sum f(W t)` over the triples of each atom or edge, `[count, width]`. */
function sumTriplets(
  weights: Tensors,
  name: string,
  triplets: tf.Tensor,
  owners: tf.Tensor,
  count: number,
): tf.Tensor {
  const messages = shiftedSoftplus(linear(weights, `${name}/triplets`, triplets))
  const sums = tf.unsortedSegmentSum(messages, owners as tf.Tensor1D, count)
  return linear(weights, `${name}/triplets-sum`, sums)
}

/** `state + LN f(W f(W[others ; state]))`. */
function update(
  weights: Tensors,
  name: string,
  state: tf.Tensor,
  others: readonly tf.Tensor[],
): tf.Tensor {
  const inner = shiftedSoftplus(linear(weights, `${name}/in`, tf.concat([...others, state], 1)))
  const outer = shiftedSoftplus(linear(weights, `${name}/out`, inner))
  return tf.add(state, layerNorm(weights, `${name}/norm`, outer))
}

/** Step 3. */
function readPairs(
  weights: Tensors,
  atoms: tf.Tensor,
  edges: tf.Tensor,
  features: Tensors,
): Prediction {
  const own = features['pairEdges'] as tf.Tensor1D
  const reverse = features['pairReverseEdges'] as tf.Tensor1D
  const endOf = (end: 'sources' | 'targets'): tf.Tensor =>
    tf.gather(atoms, tf.gather(features[end] as tf.Tensor1D, own))
  const [first, second] = [endOf('sources'), endOf('targets')]
  const [there, back] = [tf.gather(edges, own), tf.gather(edges, reverse)]
  const shared = [
    tf.gather(tf.reshape(features['distances']!, [-1, 1]), own),
    features['pairTypes']!,
  ]
  const orders = tf.concat(
    [
      tf.concat([first, second, there, back, ...shared], 1),
      tf.concat([second, first, back, there, ...shared], 1),
    ],
    0,
  )
  const values = multilayerPerceptron(weights, 'readout', orders, (x) => tf.leakyRelu(x, 0.2))
  const [one, other] = tf.split(values, 2, 0)
  const contributions = tf.mul<tf.Tensor2D>(0.5, tf.add(one!, other!))
  return { couplings: tf.sum<tf.Tensor1D>(contributions, 1), contributions }
}

/** A linear map without bias, as all maps of the body are. */
function map(name: string, inputs: number, outputs: number): ParameterSpec {
  return linearSpec(name, inputs, outputs, { bias: false })
}

function updateSpec(name: string, inputs: number, width: number): ParameterSpec {
  return {
    ...map(`${name}/in`, inputs, width),
    ...map(`${name}/out`, width, width),
    ...layerNormSpec(`${name}/norm`, width),
  }
}
