import { COUPLING_TYPES } from '@couplet/data'
import { parseEntry, typeScale, type NetworkModel, type Phase, type State } from '@couplet/model'
import { z } from 'zod'
import entry from './entry.json' with { type: 'json' }
import { featurize } from './featurize.ts'
import { countTokens } from './metaGraph.ts'
import { forward, parameters, type MetaGraphTransformerConfig } from './network.ts'
import { buildVocabulary, type Vocabulary } from './vocabulary.ts'

export type { MetaGraphTransformerConfig } from './network.ts'
export type { Vocabulary } from './vocabulary.ts'

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

/** What is learnt of the training molecules before training. */
export interface MetaGraphTransformerState extends State {
  /** Symbols of the tokens, and scales of the subtypes. */
  readonly vocabulary: Vocabulary
}

const reachOf = ({ reach }: MetaGraphTransformerConfig): number => (reach === 0 ? Infinity : reach)

/** The meta-graph transformer, after the winners of the 2019 CHAMPS competition. */
export const metaGraphTransformer: NetworkModel<
  MetaGraphTransformerConfig,
  MetaGraphTransformerState
> = {
  specVersion: 'v1',
  kind: 'network',
  entry: parseEntry(entry),
  switches: ['distanceBias'],
  published: {
    width: 650,
    layers: 14,
    heads: 10,
    innerWidth: 3800,
    headWidth: 280,
    headBlocks: 1,
    dropout: 0.03,
    headDropout: 0.04,
    reach: 0,
    fastest: 1,
    rare: 1000,
  },
  small: {
    width: 64,
    layers: 3,
    heads: 2,
    innerWidth: 128,
    headWidth: 16,
    dropout: 0,
    headDropout: 0,
    // No pair beyond three bonds.
    reach: 1,
    fastest: 20,
    rare: 50,
  },
  tiny: {
    width: 8,
    layers: 1,
    heads: 2,
    innerWidth: 16,
    headWidth: 4,
    dropout: 0,
    headDropout: 0,
    reach: 2.5,
    fastest: 1,
    rare: 4,
  },
  recipe: {
    published: [
      {
        ...train,
        epochs: 250,
        batch: 48,
        // 5,000 steps of the competition's training set.
        warmUp: 0.011,
        weightDecay: 0,
        clipNorm: 0.25,
        averageDecay: 0,
        loss: { kind: 'l1' },
      },
      {
        ...train,
        name: 'fine-tune',
        epochs: 40,
        batch: 48,
        learningRate: 1e-4,
        weightDecay: 0,
        clipNorm: 0.25,
        averageDecay: 0,
        loss: { kind: 'ln-mae' },
      },
    ],
    small: [{ ...train, batch: 4, learningRate: 3e-3 }],
    tiny: [{ ...train, epochs: 60, batch: 4, learningRate: 1e-2, averageDecay: 0.9 }],
  },
  prepare: (molecules, config) => ({
    scale: typeScale(molecules),
    vocabulary: buildVocabulary(molecules, reachOf(config), config.rare),
  }),
  stateSchema: z.looseObject({
    vocabulary: z.strictObject({
      symbols: z.array(z.array(z.array(z.string()))).length(3),
      mean: z.array(z.number()),
      deviation: z.array(z.number().positive()),
      fallback: z.array(z.string()).length(COUPLING_TYPES.length),
    }),
  }),
  sizes: (molecules, _state, config) => ({
    longestTokens: countTokens(molecules, reachOf(config)),
  }),
  largestArray: ({ molecules, longestTokens }, { heads }) =>
    molecules * heads * longestTokens! ** 2,
  featurize: (molecules, { vocabulary, scale }, config, bucket) =>
    featurize(molecules, vocabulary, scale, reachOf(config), bucket),
  parameters: (config, { vocabulary }) => parameters(config, vocabulary),
  forward,
}
