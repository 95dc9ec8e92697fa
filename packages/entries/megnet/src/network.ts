/**
 * A graph network with states of atoms, edges and the whole molecule, after team DL guys (5th of the 2019 CHAMPS competition); MEGNet:
 * Chen et al., Chemistry of Materials 31 (2019).
 *
 * 1. Every atom starts as a linear map of its flags, every ordered pair of atoms (an edge) as one of its distance on Gaussians and its
 *    flags, the molecule as one of its mean mass and bonds per atom.
 * 2. Some blocks, each: (a) every state passes through a network of its own; (b) an edge receives a message from every bond that shares an
 *    atom with it, made of the angle, three lengths and both edges, weighted by a learnt gate; (c) an edge adds a network of its
 *    two atoms, itself, the molecule and what it received; (d) an atom adds a network of the gated sum of its edges, itself
 *    and the molecule; (e) the molecule adds a network of itself, the mean of its atoms and the mean of its edges.
 * 3. A coupled pair is read along its chain of bonds, by a network of its type: the molecule, the pair's own edge, all atoms and
 *    all edges of the chain; in both directions, averaged.
 */
import { COUPLING_TYPES } from '@couplet/data'
import type { Context, ParameterSpec, Tensors } from '@couplet/engine'
import {
  gaussianBasis,
  linear,
  linearSpec,
  multilayerPerceptron,
  multilayerPerceptronSpec,
} from '@couplet/layers'
import type { Prediction } from '@couplet/model'
import * as tf from '@tensorflow/tfjs'
import { ATOM_FLAGS, MOLECULE_VALUES } from './chemicalFlags.ts'
import { ANGLE_MEASURES, EDGE_FLAGS, edgesRead } from './featurize.ts'
import { gatedSum, gatedSumSpec } from './gatedSum.ts'
import { normalisedPerceptron, normalisedPerceptronSpec } from './normalisedPerceptron.ts'

/** Hyperparameters. */
export type MegnetConfig = {
  /** Length of every state. */
  readonly width: number
  /** Number of blocks. */
  readonly blocks: number
  /** Number of Gaussians on the distance axis, and centres of the first and the last in angstrom. */
  readonly gaussians: number
  readonly firstCentre: number
  readonly lastCentre: number
  /** Width of the Gaussians in angstrom squared: `exp(-(r - centre)^2 / gaussianWidth)`. */
  readonly gaussianWidth: number
  /** Distance in angstrom up to which atoms are joined by edges; 0: however far apart. */
  readonly reach: number
  /** Whether edges receive messages from the bonds at their ends. */
  readonly angleMessages: boolean
  /** Whether a block's first networks are added to the states, or take their place. */
  readonly skip: boolean
}

/** Every trainable array of the network. */
export function parameters(config: MegnetConfig): ParameterSpec {
  const { width, blocks, gaussians, angleMessages } = config
  // All networks of a block have a hidden layer of twice the width.
  const network = (name: string, inputs: number): ParameterSpec =>
    normalisedPerceptronSpec(name, [inputs * width, 2 * width, width])
  const perBlock = Array.from({ length: blocks }, (_, index): ParameterSpec => {
    const name = `block-${index}`
    return {
      ...network(`${name}/dense/atoms`, 1),
      ...network(`${name}/dense/edges`, 1),
      ...network(`${name}/dense/molecules`, 1),
      ...(angleMessages ? gatedSumSpec(`${name}/angles`, 3 * width, width) : {}),
      ...network(`${name}/edges`, angleMessages ? 5 : 4),
      ...gatedSumSpec(`${name}/collect`, width, width),
      ...network(`${name}/atoms`, 3),
      ...network(`${name}/molecules`, 3),
    }
  })
  const readouts = COUPLING_TYPES.map((type) => {
    const states = statesRead(type) * width
    const [half, quarter] = [Math.floor(states / 2), Math.floor(states / 4)]
    return multilayerPerceptronSpec(readoutOf(type), [states, half, quarter, quarter, 1])
  })
  return Object.assign(
    {},
    linearSpec('embedding/atoms', ATOM_FLAGS, width),
    linearSpec('embedding/edges', gaussians + EDGE_FLAGS, width),
    linearSpec('embedding/molecules', MOLECULE_VALUES, width),
    angleMessages
      ? multilayerPerceptronSpec('embedding/angles', [ANGLE_MEASURES, width, width])
      : {},
    ...perBlock,
    ...readouts,
  )
}

/** Standardised couplings `[pairs]` of a batch. */
export function forward(
  weights: Tensors,
  features: Tensors,
  _context: Context,
  config: MegnetConfig,
): Prediction {
  let states = embed(weights, features, config)
  const angles = config.angleMessages ? embedAngles(weights, features) : undefined
  for (let index = 0; index < config.blocks; index++) {
    const name = `block-${index}`
    const { atoms, edges, molecules } = passDense(weights, `${name}/dense`, states, config)
    const received = angles ? receiveAngles(weights, `${name}/angles`, edges, angles, features) : []
    const before = { atoms, edges, molecules }
    const newEdges = updateEdges(weights, `${name}/edges`, before, received, features)
    const newAtoms = updateAtoms(weights, name, { ...before, edges: newEdges }, features)
    states = {
      atoms: newAtoms,
      edges: newEdges,
      molecules: updateMolecules(
        weights,
        `${name}/molecules`,
        newAtoms,
        newEdges,
        molecules,
        features,
      ),
    }
  }
  return { couplings: readPaths(weights, states, features) }
}

interface States {
  readonly atoms: tf.Tensor
  readonly edges: tf.Tensor
  readonly molecules: tf.Tensor
}

/** Step 1. */
function embed(weights: Tensors, features: Tensors, config: MegnetConfig): States {
  const { gaussians: count, firstCentre: from, lastCentre: to, gaussianWidth: width } = config
  const basis = gaussianBasis(features['distances']!, { count, from, to, width })
  return {
    atoms: linear(weights, 'embedding/atoms', features['atomFlags']!),
    edges: linear(weights, 'embedding/edges', tf.concat([basis, features['edgeFlags']!], 1)),
    molecules: linear(weights, 'embedding/molecules', features['moleculeValues']!),
  }
}

/** Step 2b, what does not change from block to block: the network of `[cos angle, |v0|, |v1|, |v0 + v1|]`, `[angles, width]`. */
function embedAngles(weights: Tensors, features: Tensors): tf.Tensor {
  return multilayerPerceptron(weights, 'embedding/angles', features['angleMeasures']!, tf.softplus)
}

/** Step 2a. */
function passDense(weights: Tensors, name: string, states: States, { skip }: MegnetConfig): States {
  const pass = (kind: keyof States): tf.Tensor => {
    const passed = normalisedPerceptron(weights, `${name}/${kind}`, [{ rows: states[kind] }])
    return skip ? tf.add(states[kind], passed) : passed
  }
  return { atoms: pass('atoms'), edges: pass('edges'), molecules: pass('molecules') }
}

/** Step 2b: `sum_k V(x_k) tanh(w . body(x_k))` over the bonds k at an edge's ends, `x = [angle ; edge ; bond]`: `[edges, width]`. */
function receiveAngles(
  weights: Tensors,
  name: string,
  edges: tf.Tensor,
  angles: tf.Tensor,
  features: Tensors,
): tf.Tensor[] {
  const angleEdges = features['angleEdges'] as tf.Tensor1D
  const parts = [
    { rows: angles },
    { rows: edges, indices: angleEdges },
    { rows: edges, indices: features['angleBonds'] as tf.Tensor1D },
  ]
  return [gatedSum(weights, name, parts, angleEdges, edges.shape[0])]
}

/** Step 2c: `e + phi_e[v_s ; v_r ; e ; u ; received]`. */
function updateEdges(
  weights: Tensors,
  name: string,
  { atoms, edges, molecules }: States,
  received: readonly tf.Tensor[],
  features: Tensors,
): tf.Tensor {
  const update = normalisedPerceptron(weights, name, [
    { rows: atoms, indices: features['sources'] as tf.Tensor1D },
    { rows: atoms, indices: features['targets'] as tf.Tensor1D },
    { rows: edges },
    { rows: molecules, indices: features['edgeMolecules'] as tf.Tensor1D },
    ...received.map((rows) => ({ rows })),
  ])
  return tf.add(edges, update)
}

/** Step 2d: `v + phi_v[sum_k V(e_k) tanh(w . body(e_k)) ; v ; u]`, k over the edges that end in the atom. */
function updateAtoms(
  weights: Tensors,
  name: string,
  { atoms, edges, molecules }: States,
  features: Tensors,
): tf.Tensor {
  const targets = features['targets'] as tf.Tensor1D
  const collected = gatedSum(weights, `${name}/collect`, [{ rows: edges }], targets, atoms.shape[0])
  const update = normalisedPerceptron(weights, `${name}/atoms`, [
    { rows: collected },
    { rows: atoms },
    { rows: molecules, indices: features['atomMolecules'] as tf.Tensor1D },
  ])
  return tf.add(atoms, update)
}

/** Step 2e: `u + phi_u[u ; mean v ; mean e]`. */
function updateMolecules(
  weights: Tensors,
  name: string,
  atoms: tf.Tensor,
  edges: tf.Tensor,
  molecules: tf.Tensor,
  features: Tensors,
): tf.Tensor {
  const mean = (rows: tf.Tensor, owners: string, inverse: string): tf.Tensor =>
    tf.mul(
      tf.unsortedSegmentSum(rows, features[owners] as tf.Tensor1D, molecules.shape[0]),
      features[inverse]!,
    )
  const update = normalisedPerceptron(weights, name, [
    { rows: molecules },
    { rows: mean(atoms, 'atomMolecules', 'inverseAtoms') },
    { rows: mean(edges, 'edgeMolecules', 'inverseEdges') },
  ])
  return tf.add(molecules, update)
}

/** Step 3. */
function readPaths(weights: Tensors, states: States, features: Tensors): tf.Tensor1D {
  const molecules = gatherForTypes(states.molecules, features, ['molecules'])
  const atoms = gatherForTypes(states.atoms, features, ['pathAtoms', 'reversePathAtoms'])
  const edges = gatherForTypes(states.edges, features, ['pathEdges', 'reversePathEdges'])
  const perType = COUPLING_TYPES.map((type, index) => {
    const [molecule, ...others] = [molecules, atoms, edges].flatMap((taken) => taken[index]!)
    const [atomsThere, atomsBack, edgesThere, edgesBack] = others
    const rows = tf.concat(
      [
        tf.concat([molecule!, atomsThere!, edgesThere!], 1),
        tf.concat([molecule!, atomsBack!, edgesBack!], 1),
      ],
      0,
    )
    const values = multilayerPerceptron(weights, readoutOf(type), rows, tf.softplus)
    const [there, back] = tf.split(values, 2, 0)
    return tf.mul(0.5, tf.add(there!, back!))
  })
  const inOrder = tf.gather(tf.concat(perType, 0), features['pairPlaces'] as tf.Tensor1D)
  return tf.reshape(inOrder, [-1])
}

/**
 * The states that the readouts of all types read, gathered at once, because the gradient of every gather is as long as the states are.
 * @param names index arrays of every type, as long as some states for each of its pairs.
 * @returns for each type and name `[pairs of the type, states read * width]`.
 */
function gatherForTypes(
  states: tf.Tensor,
  features: Tensors,
  names: readonly string[],
): tf.Tensor[][] {
  const indices = COUPLING_TYPES.flatMap((type) =>
    names.map((name) => features[`${name}Of${type}`] as tf.Tensor1D),
  )
  const all = tf.gather(states, tf.concat(indices, 0))
  const blocks = tf.split(
    all,
    indices.map(({ shape }) => shape[0]),
    0,
  )
  return COUPLING_TYPES.map((type, index) => {
    const pairs = features[`moleculesOf${type}`]!.shape[0]
    return names.map((_, name) => {
      const block = blocks[index * names.length + name]!
      return tf.reshape(block, [pairs, block.size / pairs])
    })
  })
}

/** Where the parameters of a type's readout are. */
function readoutOf(type: string): string {
  return `readout-${type.toLowerCase()}`
}

/** Number of states that the readout of a type reads: the molecule, atoms of the chain, edges. */
function statesRead(type: string): number {
  const bonds = Number(type[0])
  return 1 + (bonds + 1) + edgesRead(bonds)
}
