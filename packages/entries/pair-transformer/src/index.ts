import { parseEntry, typeScale, type NetworkModel, type Phase } from '@couplet/model'
import entry from './entry.json' with { type: 'json' }
import { featurize, sizes } from './featurize.ts'
import { forward, parameters, type PairTransformerConfig } from './network.ts'

export type { PairTransformerConfig } from './network.ts'

const train: Phase = {
  name: 'train',
  epochs: 100,
  batch: 8,
  learningRate: 1e-3,
  warmUp: 0.05,
  weightDecay: 1e-2,
  clipNorm: 1,
  averageDecay: 0.999,
  loss: { kind: 'mean-type-mae', contributions: 1, joint: true },
  augmentation: 'rotation',
}

/** A transformer on atom pairs, after the 3rd-ranked team of the 2019 CHAMPS competition. */
export const pairTransformer: NetworkModel<PairTransformerConfig> = {
  specVersion: 'v1',
  kind: 'network',
  entry: parseEntry(entry),
  published: {
    elementWidth: 64,
    typeWidth: 64,
    positionWidth: 256,
    distanceWidth: 64,
    chargeWidth: 32,
    layers: 8,
    heads: 8,
    innerWidth: 2048,
    headWidth: 832,
    dropout: 0.1,
    shift: 2,
  },
  small: {
    elementWidth: 8,
    typeWidth: 8,
    positionWidth: 32,
    distanceWidth: 8,
    chargeWidth: 0,
    layers: 3,
    heads: 4,
    innerWidth: 192,
    headWidth: 32,
    dropout: 0,
    shift: 0.1,
  },
  tiny: {
    elementWidth: 2,
    typeWidth: 4,
    positionWidth: 6,
    distanceWidth: 4,
    chargeWidth: 0,
    layers: 1,
    heads: 2,
    innerWidth: 24,
    headWidth: 8,
    dropout: 0,
    shift: 0.1,
  },
  recipe: {
    published: [
      {
        ...train,
        epochs: 750,
        batch: 384,
        learningRate: 3e-4,
        // Linear: up in 30 steps, then down to 0.
        schedule: [
          [0, 0],
          [2e-4, 1],
          [1, 0],
        ],
        clipNorm: 0,
        averageDecay: 0,
        loss: { kind: 'ln-mae', contributions: 1, joint: true },
      },
      {
        ...train,
        name: 'fine-tune',
        epochs: 400,
        batch: 384,
        learningRate: 4e-5,
        // Up in 700 steps.
        schedule: [
          [0, 0],
          [8e-3, 1],
          [1, 0],
        ],
        clipNorm: 0,
        averageDecay: 0,
        loss: { kind: 'ln-mae', contributions: 1, joint: true },
      },
    ],
    small: [{ ...train, batch: 4, learningRate: 5e-4 }],
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
  prepare: (molecules) => ({ scale: typeScale(molecules) }),
  sizes,
  largestArray: ({ molecules, longestTokens }, { heads }) =>
    molecules * heads * longestTokens! ** 2,
  featurize: (molecules, { scale }, { chargeWidth }, bucket) =>
    featurize(molecules, { charges: chargeWidth > 0, scale }, bucket),
  parameters,
  forward,
}
