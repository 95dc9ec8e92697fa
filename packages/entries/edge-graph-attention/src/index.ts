import { parseEntry, typeScale, type NetworkModel, type Phase, type State } from '@couplet/model'
import { z } from 'zod'
import { EDGE_KINDS, EDGE_MEASURES, edgeScale, type EdgeScale } from './edgeScale.ts'
import entry from './entry.json' with { type: 'json' }
import { featurize, sizes } from './featurize.ts'
import { forward, parameters, type EdgeGraphAttentionConfig } from './network.ts'

export type { EdgeScale } from './edgeScale.ts'
export type { EdgeGraphAttentionConfig } from './network.ts'

const measuresPerKind = z.array(z.array(z.number()).length(EDGE_MEASURES)).length(EDGE_KINDS)

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

/** Up for 15 epochs, down for 15, then constant; the second phase decays the weights less and averages the last 25 epochs. */
const published: Phase = {
  name: 'train',
  epochs: 35,
  batch: 80,
  optimiser: 'lamb',
  learningRate: 1e-2,
  warmUp: 0,
  schedule: [
    [0, 0.1],
    [15 / 35, 1],
    [30 / 35, 0.1],
    [1, 0.1],
  ],
  weightDecay: 5e-2,
  clipNorm: 0,
  averageDecay: 0,
  loss: { kind: 'mean-type-mae' },
  augmentation: 'none',
}
const settle: Phase = {
  ...published,
  name: 'settle',
  epochs: 65,
  learningRate: 1e-3,
  schedule: [[1, 1]],
  weightDecay: 1e-2,
  averageLast: 25,
}

/** What is learnt of the training molecules before training. */
export interface EdgeGraphAttentionState extends State {
  /** Spread of the edges' measures. */
  readonly edges: EdgeScale
}

/** Edge-aware graph attention, after the 4th-ranked team of the 2019 CHAMPS competition. */
export const edgeGraphAttention: NetworkModel<EdgeGraphAttentionConfig, EdgeGraphAttentionState> = {
  specVersion: 'v1',
  kind: 'network',
  entry: parseEntry(entry),
  switches: ['gates'],
  published: {
    embedding: 48,
    heads: 24,
    headWidth: 48,
    blocks: 8,
    readoutWidth: 512,
    standardisation: 'all',
    scorer: 'frozen',
    idleParts: true,
  },
  small: {
    embedding: 32,
    heads: 8,
    headWidth: 16,
    blocks: 4,
    readoutWidth: 128,
    standardisation: 'kind',
    scorer: 'trained',
    idleParts: false,
  },
  tiny: {
    embedding: 16,
    heads: 2,
    headWidth: 8,
    blocks: 2,
    readoutWidth: 16,
    scorer: 'trained',
    idleParts: false,
  },
  recipe: {
    published: [published, settle],
    small: [{ ...train, batch: 4 }],
    tiny: [{ ...train, epochs: 60, batch: 4, learningRate: 1e-2, averageDecay: 0.9 }],
  },
  prepare: (molecules, { standardisation }) => ({
    scale: typeScale(molecules),
    edges: edgeScale(molecules, standardisation === 'kind' ? 'kind' : 'all'),
  }),
  stateSchema: z.looseObject({
    edges: z.strictObject({ mean: measuresPerKind, deviation: measuresPerKind }),
  }),
  sizes,
  featurize: (molecules, { edges }, { idleParts }, bucket) =>
    featurize(molecules, edges, bucket, idleParts),
  parameters,
  forward,
}
