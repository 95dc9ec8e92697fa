import { completeGraphSizes } from '@couplet/data'
import { parseEntry, typeScale, type NetworkModel, type Phase } from '@couplet/model'
import entry from './entry.json' with { type: 'json' }
import { featurize } from './featurize.ts'
import { forward, parameters, type CormorantConfig } from './network.ts'

export type { CormorantConfig } from './network.ts'

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

const EPOCHS = 200
/** As in 2019: half a cosine to a hundredth of the peak rate, by straight lines between the ends of epochs. */
const published: Phase = {
  ...train,
  epochs: EPOCHS,
  batch: 16,
  learningRate: 5e-4,
  warmUp: 0,
  schedule: Array.from({ length: EPOCHS + 1 }, (_, epoch): [number, number] => [
    epoch / EPOCHS,
    0.505 + 0.495 * Math.cos((Math.PI * epoch) / EPOCHS),
  ]),
  weightDecay: 0,
  clipNorm: 0,
  averageDecay: 0,
  loss: { kind: 'mse' },
}

/** Cormorant with edge readout, after the 12th-ranked team of the 2019 CHAMPS competition. */
export const cormorant: NetworkModel<CormorantConfig> = {
  specVersion: 'v1',
  kind: 'network',
  entry: parseEntry(entry),
  published: {
    channels: 48,
    degree: 3,
    levels: 5,
    waves: 4,
    powers: 4,
    headWidth: 256,
    idleParts: true,
  },
  small: {
    channels: 8,
    degree: 2,
    levels: 3,
    waves: 4,
    powers: 3,
    headWidth: 64,
    idleParts: false,
  },
  tiny: { channels: 4, degree: 1, levels: 2, waves: 3, powers: 2, headWidth: 16, idleParts: false },
  recipe: {
    // The second phase is that in which the original had set the charges to zero.
    published: [published, { ...published, name: 'continue', learningRate: 3e-4 }],
    small: [{ ...train, batch: 4, learningRate: 5e-3 }],
    tiny: [{ ...train, epochs: 60, batch: 4, learningRate: 1e-2, averageDecay: 0.9 }],
  },
  prepare: (molecules) => ({ scale: typeScale(molecules) }),
  sizes: completeGraphSizes,
  featurize: (molecules, _state, { degree }, bucket) => featurize(molecules, degree, bucket),
  parameters,
  forward,
}
