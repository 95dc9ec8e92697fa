import type { MoleculeTable } from '@couplet/data'
import type { HostArrays } from '@couplet/engine'
import { featuresOf, MOST_ROWS } from './batchMemory.ts'
import { axisSizes, totalSizes, volume } from './batches.ts'
import type { Bucket, NetworkModel } from './Model.ts'
import { ModelError } from './ModelError.ts'
import type { Trained } from './Trained.ts'
import { withoutLabels } from './withoutLabels.ts'

/** Input of an exported network beside the entry's own: index of each pair's type in `COUPLING_TYPES`, `[pairs]`; 0 in padding. */
export const TYPE_INPUT = 'couplingTypes'

/** Lengths that some axes of a batch are to have, the dead row included; the others are as long as needed. */
export type Capacity = Readonly<Record<string, number>>

/** What a network reads of some molecules, as one batch. */
export interface FeatureBatch {
  /** The entry's arrays under their names, and `couplingTypes`. The first rows of `pairs` are the molecules' pairs in their order. */
  readonly arrays: HostArrays
  /** Length of every axis. */
  readonly bucket: Bucket
}

/** What features follow from: an entry, its configuration, and what it learnt before training. */
export type FeatureSource = Pick<Trained, 'model' | 'config' | 'state'>

/**
 * The inputs of an exported network for some molecules. Labels are never read.
 * @throws ModelError for a fitted model, molecules without pairs, an axis that the entry has not, a capacity that is too small, or a batch that is too large.
 */
export function featureBatch(
  source: FeatureSource,
  molecules: MoleculeTable,
  capacity: Capacity = {},
): FeatureBatch {
  const { config, state } = source
  const model = networkOf(source)
  const table = withoutLabels(molecules, model.entry.charges)
  const pairs = table.pairTypes.length
  if (pairs === 0) {
    throw new ModelError(
      'the molecules have no coupled pairs: there is nothing to predict. Give molecules with hydrogen.',
    )
  }
  const all = [...table.names.keys()]
  const needed = totalSizes(axisSizes(table, model.sizes(table, state, config)), all)
  const bucket = { ...needed, ...checkCapacity(model, needed, capacity) }
  const rows = volume(bucket)
  if (rows > MOST_ROWS) {
    throw new ModelError(
      `a batch of ${all.length} molecules has ${rows} rows, more than ${MOST_ROWS}. Give fewer molecules at a time.`,
    )
  }
  const types = new Int32Array(bucket.pairs)
  types.set(table.pairTypes)
  const arrays = {
    ...featuresOf(model, table, state, config, bucket),
    [TYPE_INPUT]: { shape: [bucket.pairs], data: types },
  }
  return { arrays, bucket }
}

/**
 * The model as a single network.
 * @throws ModelError for a fitted one, and for one with two stages.
 */
export function networkOf({ model }: FeatureSource): NetworkModel {
  if (model.kind === 'network' && model.firstStage) {
    throw new ModelError(
      `${model.entry.id} reads what several networks of ${model.firstStage.entry.id} predict: it is no single graph. Use \`predict\`, or a model with one stage.`,
    )
  }
  if (model.kind === 'network') return model
  throw new ModelError(
    `${model.entry.id} is no network but fitted by a method of its own: it has no graph and no features. Its learnt values are the arrays of its checkpoint.`,
  )
}

function checkCapacity(model: NetworkModel, needed: Bucket, capacity: Capacity): Capacity {
  for (const [axis, length] of Object.entries(capacity)) {
    const least = needed[axis]
    if (least === undefined) {
      throw new ModelError(
        `${model.entry.id} has no axis ${axis}. Its axes: ${Object.keys(needed).join(', ')}.`,
      )
    }
    if (length < least) {
      throw new ModelError(
        `the capacity of ${axis} is ${length}, but these molecules need ${least}. Give a larger capacity, or fewer or smaller molecules.`,
      )
    }
  }
  return capacity
}
