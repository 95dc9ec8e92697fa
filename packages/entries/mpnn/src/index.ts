import { completeGraphSizes } from '@couplet/data'
import { parseEntry, typeScale, type NetworkModel, type Phase } from '@couplet/model'
import entry from './entry.json' with { type: 'json' }
import { featurize } from './featurize.ts'
import { forward, parameters, type MpnnConfig } from './network.ts'

export type { MpnnConfig } from './network.ts'

const train: Phase = {
  name: 'train',
  epochs: 60,
  batch: 8,
  learningRate: 1e-3,
  warmUp: 0.05,
  weightDecay: 1e-4,
  clipNorm: 1,
  averageDecay: 0.999,
  loss: { kind: 'mean-type-mae' },
  augmentation: 'none',
}

/** The public starter network of the 2019 CHAMPS competition. */
export const mpnn: NetworkModel<MpnnConfig> = {
  specVersion: 'v1',
  kind: 'network',
  entry: parseEntry(entry),
  published: {
    width: 128,
    edgeWidth: 256,
    edgeInnerWidth: 128,
    steps: 6,
    poolingSteps: 6,
    headWidth: 1024,
    headInnerWidth: 512,
    gaussians: 40,
    cutoff: 6,
  },
  small: {
    width: 32,
    edgeWidth: 64,
    edgeInnerWidth: 64,
    steps: 4,
    poolingSteps: 3,
    headWidth: 128,
    headInnerWidth: 128,
  },
  tiny: {
    width: 8,
    edgeWidth: 16,
    edgeInnerWidth: 16,
    steps: 2,
    poolingSteps: 2,
    headWidth: 16,
    headInnerWidth: 16,
    gaussians: 12,
  },
  recipe: {
    published: [
      {
        ...train,
        batch: 20,
        weightDecay: 0,
        clipNorm: 0,
        averageDecay: 0,
        loss: { kind: 'ln-mae' },
      },
    ],
    small: [{ ...train, learningRate: 3e-3 }],
    tiny: [{ ...train, epochs: 60, batch: 4, learningRate: 1e-2, averageDecay: 0.9 }],
  },
  prepare: (molecules) => ({ scale: typeScale(molecules) }),
  sizes: completeGraphSizes,
  featurize: (molecules, _state, _config, bucket) => featurize(molecules, bucket),
  parameters,
  forward,
}
