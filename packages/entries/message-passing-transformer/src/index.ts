import { COUPLING_TYPES, PATH_MEASURES, pathScale, type PathScale } from '@couplet/data'
import { parseEntry, typeScale, type NetworkModel, type Phase, type State } from '@couplet/model'
import { z } from 'zod'
import entry from './entry.json' with { type: 'json' }
import { featurize, sizes } from './featurize.ts'
import { forward, parameters, type MessagePassingTransformerConfig } from './network.ts'
import { partFactors, teamScale } from './partFactors.ts'

export type { MessagePassingTransformerConfig } from './network.ts'

const measuresPerType = z
  .array(z.array(z.number()).length(PATH_MEASURES))
  .length(COUPLING_TYPES.length)

const train: Phase = {
  name: 'train',
  epochs: 60,
  batch: 8,
  learningRate: 4e-3,
  warmUp: 0.05,
  weightDecay: 1e-2,
  clipNorm: 1,
  averageDecay: 0.999,
  loss: { kind: 'mean-type-mae', contributions: 0.25 },
  augmentation: 'none',
}

/** What is learnt of the training molecules before training. */
export interface MessagePassingTransformerState extends State {
  /** Spread of the measures of each type's coupling path. */
  readonly paths: PathScale
}

/** A transformer with message passing, after the 6th-ranked team of the 2019 CHAMPS competition. */
export const messagePassingTransformer: NetworkModel<
  MessagePassingTransformerConfig,
  MessagePassingTransformerState
> = {
  specVersion: 'v1',
  kind: 'network',
  entry: parseEntry(entry),
  published: {
    width: 650,
    blocks: 10,
    heads: 10,
    kernel: 128,
    edgeWidth: 650,
    angleWidth: 650,
    innerWidth: 2600,
    headWidth: 2600,
    partWidth: 162,
    standardisation: 'all',
    pathMeasures: false,
  },
  small: {
    width: 64,
    blocks: 3,
    heads: 4,
    kernel: 8,
    edgeWidth: 64,
    angleWidth: 32,
    innerWidth: 128,
    headWidth: 64,
    partWidth: 16,
    standardisation: 'type',
    pathMeasures: true,
  },
  tiny: {
    width: 8,
    blocks: 1,
    heads: 2,
    kernel: 4,
    edgeWidth: 8,
    angleWidth: 4,
    innerWidth: 16,
    headWidth: 8,
    partWidth: 4,
    standardisation: 'type',
    pathMeasures: true,
  },
  recipe: {
    published: [
      {
        ...train,
        epochs: 100,
        batch: 10,
        learningRate: 4e-5,
        warmUp: 0.3,
        clipNorm: 10,
        averageDecay: 0,
        loss: { kind: 'l1', contributions: 1 },
      },
    ],
    small: [train],
    tiny: [{ ...train, epochs: 60, batch: 4, learningRate: 1e-2, averageDecay: 0.9 }],
  },
  prepare: (molecules, { standardisation }) => {
    const measured = typeScale(molecules)
    const scale = standardisation === 'all' ? teamScale(measured) : measured
    return { scale, paths: pathScale(molecules) }
  },
  stateSchema: z.looseObject({
    paths: z.strictObject({ mean: measuresPerType, deviation: measuresPerType }),
  }),
  sizes,
  largestArray: ({ molecules, longestAtoms }, { heads }) => molecules * heads * longestAtoms! ** 2,
  featurize: (molecules, { scale, paths }, { pathMeasures }, bucket) =>
    featurize(
      molecules,
      { paths, withMeasures: pathMeasures, factors: partFactors(scale) },
      bucket,
    ),
  parameters,
  forward,
}
