import {
  completeGraphSizes,
  COUPLING_TYPES,
  PATH_MEASURES,
  pathScale,
  type PathScale,
} from '@couplet/data'
import { parseEntry, typeScale, type NetworkModel, type Phase, type State } from '@couplet/model'
import { z } from 'zod'
import entry from './entry.json' with { type: 'json' }
import { EDGE_FEATURES, featurize, SECOND_STAGE_EDGE_FEATURES } from './featurize.ts'
import { forward, parameters, type EdgeUpdateSchnetConfig } from './network.ts'

import secondStageEntry from './secondStage/entry.json' with { type: 'json' }

export type { EdgeUpdateSchnetConfig } from './network.ts'

const measuresPerType = z
  .array(z.array(z.number()).length(PATH_MEASURES))
  .length(COUPLING_TYPES.length)

const train: Phase = {
  name: 'train',
  epochs: 120,
  batch: 8,
  learningRate: 3e-3,
  warmUp: 0.05,
  weightDecay: 1e-4,
  clipNorm: 1,
  averageDecay: 0.999,
  loss: { kind: 'mean-type-mae', contributions: 0.25 },
  augmentation: 'none',
}

/** What is learnt of the training molecules before training. */
export interface EdgeUpdateSchnetState extends State {
  /** Spread of the measures of each type's coupling path. */
  readonly paths: PathScale
}

/** SchNet with edge updates, after the 10th-ranked team of the 2019 CHAMPS competition. */
export const edgeUpdateSchnet: NetworkModel<EdgeUpdateSchnetConfig, EdgeUpdateSchnetState> = {
  specVersion: 'v1',
  kind: 'network',
  entry: parseEntry(entry),
  switches: ['privateHeads'],
  published: {
    width: 128,
    interactions: 3,
    gaussians: 150,
    cutoff: 14.9,
    gaussianWidth: 0.1,
    messageCutoff: 0,
    headWidth: 128,
    edgeResidual: false,
  },
  small: {
    width: 64,
    interactions: 3,
    gaussians: 60,
    cutoff: 6,
    gaussianWidth: 0.03,
    messageCutoff: 4.5,
    headWidth: 32,
    edgeResidual: true,
  },
  tiny: {
    width: 16,
    interactions: 1,
    gaussians: 12,
    cutoff: 4,
    messageCutoff: 3.5,
    headWidth: 8,
    edgeResidual: true,
  },
  recipe: {
    published: [
      {
        ...train,
        epochs: 400,
        batch: 32,
        learningRate: 3e-3,
        clipNorm: 0,
        averageDecay: 0,
        loss: { kind: 'l1', contributions: 1 },
      },
    ],
    small: [train],
    tiny: [{ ...train, epochs: 60, batch: 4, learningRate: 1e-2, averageDecay: 0.9 }],
  },
  prepare: (molecules) => ({ scale: typeScale(molecules), paths: pathScale(molecules) }),
  stateSchema: z.looseObject({
    paths: z.strictObject({ mean: measuresPerType, deviation: measuresPerType }),
  }),
  sizes: completeGraphSizes,
  featurize: (molecules, { paths }, _config, bucket) => featurize(molecules, paths, bucket),
  parameters: (config) => parameters(config, EDGE_FEATURES),
  forward,
}

/**
 * The second stage of the same team: the same network, whose edges between coupled atoms also carry the couplings that first-stage networks
 * predict, each for molecules that it has never seen.
 */
export const edgeUpdateSchnetSecondStage: typeof edgeUpdateSchnet = {
  ...edgeUpdateSchnet,
  entry: parseEntry(secondStageEntry),
  firstStage: edgeUpdateSchnet,
  featurize: (molecules, { paths, scale }, _config, bucket) =>
    featurize(molecules, paths, bucket, scale),
  parameters: (config) => parameters(config, SECOND_STAGE_EDGE_FEATURES),
}
