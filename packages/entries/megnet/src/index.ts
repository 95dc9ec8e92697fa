import { parseEntry, typeScale, type NetworkModel, type Phase } from '@couplet/model'
import entry from './entry.json' with { type: 'json' }
import { featurize, sizes } from './featurize.ts'
import { forward, parameters, type MegnetConfig } from './network.ts'

export type { MegnetConfig } from './network.ts'

const train: Phase = {
  name: 'train',
  epochs: 60,
  batch: 8,
  learningRate: 2e-3,
  warmUp: 0.05,
  weightDecay: 1e-4,
  clipNorm: 1,
  averageDecay: 0.999,
  loss: { kind: 'mean-type-mae' },
  augmentation: 'none',
}

/** A graph network with node, edge and global states, after the 5th-ranked team of the 2019 CHAMPS competition. */
export const megnet: NetworkModel<MegnetConfig> = {
  specVersion: 'v1',
  kind: 'network',
  entry: parseEntry(entry),
  published: {
    width: 256,
    blocks: 10,
    gaussians: 20,
    firstCentre: 0.2,
    lastCentre: 4,
    gaussianWidth: 0.25,
    reach: 0,
    angleMessages: false,
    skip: false,
  },
  small: {
    width: 32,
    blocks: 2,
    gaussians: 60,
    firstCentre: 0,
    lastCentre: 6,
    gaussianWidth: 0.03,
    reach: 4,
    angleMessages: true,
    skip: true,
  },
  tiny: { width: 8, blocks: 1, gaussians: 12, reach: 3.5, angleMessages: true, skip: true },
  recipe: {
    published: [
      {
        ...train,
        epochs: 115,
        batch: 32,
        learningRate: 1e-4,
        warmUp: 0,
        // Constant for 100 epochs, then halved every 3 epochs.
        schedule: [
          [100 / 115, 1],
          ...[1, 2, 3, 4, 5].flatMap((halving): [number, number][] => [
            [(97 + 3 * halving) / 115, 2 ** -halving],
            [(100 + 3 * halving) / 115, 2 ** -halving],
          ]),
        ],
        weightDecay: 0,
        clipNorm: 0,
        averageDecay: 0,
        loss: { kind: 'l1' },
      },
    ],
    small: [{ ...train, batch: 4 }],
    tiny: [{ ...train, epochs: 60, batch: 4, learningRate: 1e-2, averageDecay: 0.9 }],
  },
  prepare: (molecules) => ({ scale: typeScale(molecules) }),
  sizes: (molecules, _state, config) => sizes(molecules, config),
  featurize: (molecules, _state, config, bucket) => featurize(molecules, config, bucket),
  parameters,
  forward,
}
