import type { MoleculeTable } from '@couplet/data'
import type { Context, HostArrays, ParameterSpec, Tensors } from '@couplet/engine'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import type { z } from 'zod'
import type { Recipe } from './Recipe.ts'
import type { Entry } from './schema.ts'
import type { TypeScale } from './typeScale.ts'

/** Hyperparameters: plain JSON, so that checkpoints and result files can record them. */
export type Config = Readonly<Record<string, number | string | boolean>>

/** What is learnt from the training molecules before training; plain JSON, kept in the checkpoint. */
export interface State {
  /** Centre and spread of each coupling type: turns standardised predictions into hertz. */
  readonly scale: TypeScale
}

/** Sizes of an entry: as in 2019, for Couplet's results on a CPU, for a test. */
export type Preset = 'published' | 'small' | 'tiny'

/**
 * Size of every molecule along each of an entry's own axes, `[molecules]` each. An axis is flat over the batch (atoms, edges, paths):
 * as long as the sum of the sizes. An axis whose name begins with `longest` is as long as the largest size, and every molecule has
 * a block of that length to itself (tokens of a transformer).
 */
export type Sizes = Readonly<Record<string, Uint32Array>>

/**
 * Capacity of a batch: its number of molecules and the length of every axis that {@link Sizes} names, and of `pairs`.
 *
 * A batch has at most `capacity - 1` real rows on each flat axis, so that the last row is always free: padding points at this dead row. On
 * an axis of the longest molecule the block of the last molecule is free.
 */
export interface Bucket {
  /** Rows of the molecule axis, the dead row included. */
  readonly molecules: number
  /** Rows of the pair axis, the dead row included. */
  readonly pairs: number
  readonly [axis: string]: number
}

/** What a network returns for a batch. */
export interface Prediction {
  /** Standardised coupling of every pair row of the bucket, `[pairs]`; rows beyond the batch's pairs are ignored. */
  readonly couplings: Tensor1D
  /** Standardised four contributions of every pair row, `[pairs, 4]`, for architectures that learn them. */
  readonly contributions?: Tensor2D
}

/** What networks and fitted models have in common. */
interface ModelBase<C extends Config, S extends State> {
  /** Version of this interface that the model implements. */
  readonly specVersion: 'v1'
  /** What it is and whose idea, from `src/entry.json`. */
  readonly entry: Entry
  /** Every hyperparameter with the value of the competition's solution. */
  readonly published: C
  /** Overrides for hundreds to thousands of molecules on a CPU: the preset behind Couplet's results. */
  readonly small: Partial<C>
  /** Overrides for a test of a few seconds. */
  readonly tiny: Partial<C>
  /** Learns from the training molecules what must be known before any training: target scales, z-scores, vocabularies. */
  prepare(train: MoleculeTable, config: C): S
  /** Form of the state's own fields: a checkpoint whose state has another is refused. */
  readonly stateSchema?: z.ZodType
}

/** An architecture trained by the shared loop. */
export interface NetworkModel<C extends Config = Config, S extends State = State> extends ModelBase<
  C,
  S
> {
  /** Discriminates the two kinds of model. */
  readonly kind: 'network'
  /**
   * A network whose couplings this one reads of the molecules as `firstStageCouplings`, with the same configuration. It is trained
   * several times, each time without one of the inner folds of the training molecules; of every molecule, the network that has
   * never seen it predicts (`assignInnerFolds` of `@couplet/data`).
   */
  readonly firstStage?: NetworkModel<C>
  /** Settings that presets leave out: components that are there unless a configuration says `false`, for ablations. */
  readonly switches?: readonly string[]
  /** Phases of training as data, for each preset: optimiser, schedule, loss, epochs, augmentation. */
  readonly recipe: Readonly<Record<Preset, Recipe>>
  /** Size of every molecule along the entry's own axes. */
  sizes(molecules: MoleculeTable, state: S, config: C): Sizes
  /**
   * Numbers in the largest array that comes up for a bucket, where it grows faster than the axes: attention scores `[blocks, heads, tokens,
   * tokens]`. Batches for which that is too much are cut or refused. Without it, each axis of the longest molecule counts squared, once for each molecule.
   */
  largestArray?(bucket: Bucket, config: C): number
  /** Molecules to the named arrays of a bucket. Pure and tensor-free; never sees a label. */
  featurize(molecules: MoleculeTable, state: S, config: C, bucket: Bucket): HostArrays
  /** Name, shape and initialiser of every array, and whether it is trained. */
  parameters(config: C, state: S): ParameterSpec
  /** The network, in plain tf ops: standardised predictions for every pair row of the bucket. */
  forward(parameters: Tensors, features: Tensors, context: Context, config: C): Prediction
}

/** What a fitted model has learnt: named arrays (kept in the checkpoint). */
export type Fitted = HostArrays

/** A model with its own way of fitting: median, least squares, trees. */
export interface FittedModel<C extends Config = Config, S extends State = State> extends ModelBase<
  C,
  S
> {
  /** Discriminates the two kinds of model. */
  readonly kind: 'fitted'
  /** Learns from labelled molecules. */
  fit(train: MoleculeTable, state: S, config: C): Fitted
  /** Couplings in hertz of every pair of the table, `[pairs]`. */
  predict(fitted: Fitted, molecules: MoleculeTable, state: S, config: C): Float32Array
}

/** An entry of the comparison behind one interface. */
export type Model<C extends Config = Config, S extends State = State> =
  | NetworkModel<C, S>
  | FittedModel<C, S>

/** The configuration of a preset, with overrides. */
export function presetConfig(
  model: AnyModel,
  preset: Preset,
  overrides: Partial<Config> = {},
): Config {
  const chosen = preset === 'published' ? {} : model[preset]
  return { ...model.published, ...chosen, ...overrides }
}

/** A model whose configuration and state types nobody needs to know. */
// oxlint-disable-next-line typescript/no-explicit-any -- configurations are contravariant; callers merge presets of the model itself
export type AnyModel = Model<any, any>
