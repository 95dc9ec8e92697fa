import { parseEntry, typeScale, type NetworkModel, type Phase, type State } from '@couplet/model'
import { z } from 'zod'
import entry from './entry.json' with { type: 'json' }
import { coordinateScale, featurize, sizes } from './featurize.ts'
import { forward, parameters, type CoordinateTransformerConfig } from './network.ts'

export type { CoordinateTransformerConfig } from './network.ts'

const train: Phase = {
  name: 'train',
  epochs: 100,
  batch: 8,
  learningRate: 1e-3,
  warmUp: 0.05,
  weightDecay: 1e-4,
  clipNorm: 1,
  averageDecay: 0.999,
  loss: { kind: 'mean-type-mae' },
  augmentation: 'rotation',
}

/** What is learnt of the training molecules before training. */
export interface CoordinateTransformerState extends State {
  /** Root mean square of the coordinates about their centres in angstrom. */
  readonly coordinates: number
}

/** A transformer on raw coordinates, after the 2nd-ranked team of the 2019 CHAMPS competition. */
export const coordinateTransformer: NetworkModel<
  CoordinateTransformerConfig,
  CoordinateTransformerState
> = {
  specVersion: 'v1',
  kind: 'network',
  entry: parseEntry(entry),
  published: { width: 1024, layers: 6, heads: 32, innerWidth: 4096, knockout: true },
  small: { width: 64, layers: 3, heads: 4, innerWidth: 256, knockout: false },
  tiny: { width: 16, layers: 1, heads: 2, innerWidth: 24 },
  recipe: {
    published: [
      {
        ...train,
        // About 1000 samples, nine hydrogens to a molecule.
        batch: 110,
        learningRate: 1e-4,
        warmUp: 0.3,
        weightDecay: 0,
        clipNorm: 0,
        averageDecay: 0,
        loss: { kind: 'ln-mae' },
        augmentation: 'none',
      },
    ],
    small: [train],
    tiny: [
      {
        ...train,
        epochs: 60,
        batch: 4,
        learningRate: 1e-2,
        averageDecay: 0.9,
        augmentation: 'none',
      },
    ],
  },
  prepare: (molecules) => ({
    scale: typeScale(molecules),
    coordinates: coordinateScale(molecules),
  }),
  stateSchema: z.looseObject({ coordinates: z.number().positive() }),
  sizes,
  largestArray: ({ samples, longestAtoms }, { heads }) => samples! * heads * longestAtoms! ** 2,
  featurize: (molecules, { coordinates }, _config, bucket) =>
    featurize(molecules, coordinates, bucket),
  parameters,
  forward,
}
