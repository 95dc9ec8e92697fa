import { COUPLING_TYPES, type MoleculeTable } from '@couplet/data'
import type { HostArrays } from '@couplet/engine'
import * as tf from '@tensorflow/tfjs'
import type { Bucket, NetworkModel, State } from '../src/Model.ts'
import type { Entry } from '../src/schema.ts'
import { typeScale } from '../src/typeScale.ts'

/** An `entry.json` without a mistake. */
export const toyEntry: Entry = {
  id: 'toy',
  name: 'Toy network',
  summary: 'Pair distances through a small perceptron.',
  version: '0.1.0',
  originator: { team: 'none', rank: null, score: null, links: [], licence: 'none' },
  citations: ['none'],
  deviations: [],
  inputs: ['distances'],
  charges: 'none',
  externalData: false,
  licence: 'MIT',
  authors: [],
}

export type ToyConfig = Readonly<Record<'hidden' | 'dropout', number>>

const BASIS = 8
const ELEMENTS = 10

/** Distance of each pair on a basis, embeddings of its type and of its molecule's atoms, a perceptron: keeps every promise. */
export const toyNetwork: NetworkModel<ToyConfig> = {
  specVersion: 'v1',
  kind: 'network',
  entry: toyEntry,
  published: { hidden: 32, dropout: 0.1 },
  small: { hidden: 16 },
  tiny: { hidden: 12 },
  recipe: {
    published: [phase(100)],
    small: [phase(20)],
    tiny: [phase(120), { ...phase(10), name: 'polish', loss: { kind: 'ln-mae' } }],
  },
  prepare: (train) => ({ scale: typeScale(train) }),
  sizes: ({ names, atomOffsets }) => ({
    atoms: Uint32Array.from(names, (_, m) => atomOffsets[m + 1]! - atomOffsets[m]!),
  }),
  featurize: toyFeatures,
  parameters: ({ hidden }) => ({
    'element/embedding': {
      shape: [ELEMENTS, hidden],
      initialiser: { kind: 'normal', deviation: 0.3 },
    },
    'type/embedding': { shape: [9, hidden], initialiser: { kind: 'normal', deviation: 0.3 } },
    'distance/kernel': { shape: [BASIS, hidden], initialiser: { kind: 'glorot' } },
    'head/kernel': { shape: [hidden, 1], initialiser: { kind: 'glorot' } },
    'head/bias': { shape: [1], initialiser: { kind: 'constant', value: 0 } },
  }),
  forward(parameters, features, context, { dropout }) {
    const rows = (name: string, indices: string): tf.Tensor2D =>
      tf.gather(parameters[name]!, features[indices]!) as tf.Tensor2D
    // Atoms add up in their molecule; those of the padding in the dead row.
    const molecules = tf.unsortedSegmentSum(
      rows('element/embedding', 'elements'),
      features['moleculeOfAtom']! as tf.Tensor1D,
      features['moleculeRows']!.shape[0],
    )
    const distances = tf.matMul(features['basis']!, parameters['distance/kernel']!)
    const sum = tf.add(
      tf.add(distances, rows('type/embedding', 'types')),
      tf.mul(tf.gather(molecules, features['moleculeOfPair']! as tf.Tensor1D), 0.1),
    )
    const hidden = context.dropout(tf.tanh(sum), dropout) as tf.Tensor2D
    const values = tf.add(
      tf.matMul(hidden, parameters['head/kernel'] as tf.Tensor2D),
      parameters['head/bias']!,
    )
    return { couplings: tf.reshape(values, [-1]) }
  },
}

function phase(epochs: number): NetworkModel['recipe']['tiny'][number] {
  return {
    name: 'train',
    epochs,
    batch: 2,
    learningRate: 0.03,
    warmUp: 0.1,
    weightDecay: 0,
    clipNorm: 10,
    averageDecay: 0.8,
    loss: { kind: 'mean-type-mae' },
    augmentation: 'rotation',
  }
}

function toyFeatures(
  {
    atomOffsets,
    atomicNumbers,
    pairOffsets,
    pairAtoms,
    pairTypes,
    positions,
    names,
  }: MoleculeTable,
  _state: State,
  _config: ToyConfig,
  bucket: Bucket,
): HostArrays {
  const dead = bucket.molecules - 1
  const elements = new Int32Array(bucket['atoms']!)
  const moleculeOfAtom = new Int32Array(bucket['atoms']!).fill(dead)
  const types = new Int32Array(bucket.pairs).fill(COUPLING_TYPES.length)
  const moleculeOfPair = new Int32Array(bucket.pairs).fill(dead)
  const basis = new Float32Array(BASIS * bucket.pairs)
  elements.set(atomicNumbers)
  types.set(pairTypes)
  for (const molecule of names.keys()) {
    const first = atomOffsets[molecule]!
    moleculeOfAtom.fill(molecule, first, atomOffsets[molecule + 1])
    for (let pair = pairOffsets[molecule]!; pair < pairOffsets[molecule + 1]!; pair++) {
      moleculeOfPair[pair] = molecule
      const one = 3 * (first + pairAtoms[2 * pair]!)
      const other = 3 * (first + pairAtoms[2 * pair + 1]!)
      const distance = Math.hypot(
        ...[0, 1, 2].map((axis) => positions[one + axis]! - positions[other + axis]!),
      )
      for (let k = 0; k < BASIS; k++) {
        basis[BASIS * pair + k] = Math.exp(-((distance - 0.5 * (k + 1)) ** 2) / 0.3)
      }
    }
  }
  return {
    elements: { shape: [elements.length], data: elements },
    moleculeOfAtom: { shape: [elements.length], data: moleculeOfAtom },
    moleculeRows: { shape: [bucket.molecules], data: new Float32Array(bucket.molecules) },
    types: { shape: [bucket.pairs], data: types },
    moleculeOfPair: { shape: [bucket.pairs], data: moleculeOfPair },
    basis: { shape: [bucket.pairs, BASIS], data: basis },
  }
}
