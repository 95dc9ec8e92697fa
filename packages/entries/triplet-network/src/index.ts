import { parseEntry, typeScale, type NetworkModel, type Phase } from '@couplet/model'
import entry from './entry.json' with { type: 'json' }
import { featurize } from './featurize.ts'
import { forward, parameters, type TripletNetworkConfig } from './network.ts'
import { sizes } from './triples.ts'

export type { TripletNetworkConfig } from './network.ts'

const train: Phase = {
  name: 'train',
  epochs: 60,
  batch: 4,
  learningRate: 2e-3,
  warmUp: 0.05,
  weightDecay: 1e-4,
  clipNorm: 1,
  averageDecay: 0.999,
  loss: { kind: 'mean-type-mae', contributions: 0.25 },
  augmentation: 'none',
}

/** A network with states of atoms, pairs and triples, after the 19th-ranked toshi_k of the 2019 CHAMPS competition. */
export const tripletNetwork: NetworkModel<TripletNetworkConfig> = {
  specVersion: 'v1',
  kind: 'network',
  entry: parseEntry(entry),
  published: {
    atomWidth: 512,
    edgeWidth: 256,
    tripletWidth: 96,
    layers: 4,
    headWidth: 512,
    gaussians: 64,
    gaussianWidth: 0.05,
    tripletGaussians: 48,
  },
  small: {
    atomWidth: 32,
    edgeWidth: 16,
    tripletWidth: 8,
    layers: 2,
    headWidth: 64,
    gaussians: 40,
    tripletGaussians: 16,
  },
  tiny: {
    atomWidth: 8,
    edgeWidth: 8,
    tripletWidth: 4,
    layers: 1,
    headWidth: 16,
    gaussians: 16,
    tripletGaussians: 8,
  },
  recipe: {
    published: [
      {
        ...train,
        epochs: 100,
        batch: 8,
        learningRate: 5e-4,
        warmUp: 0,
        // Falls by 5 % after every epoch.
        schedule: Array.from({ length: 100 }, (_, epoch): [number, number][] => [
          [epoch / 100, 0.95 ** epoch],
          [(epoch + 1) / 100, 0.95 ** epoch],
        ]).flat(),
        weightDecay: 0,
        clipNorm: 0,
        averageDecay: 0,
        loss: { kind: 'l1', contributions: 1 },
      },
    ],
    small: [{ ...train, learningRate: 5e-3 }],
    tiny: [{ ...train, epochs: 60, learningRate: 1e-2, averageDecay: 0.9 }],
  },
  prepare: (molecules) => ({ scale: typeScale(molecules) }),
  sizes,
  featurize: (molecules, _state, _config, bucket) => featurize(molecules, bucket),
  parameters,
  forward,
}
