import type { MoleculeTable } from '@couplet/data'
import type { HostArrays } from '@couplet/engine'
import { isLongest } from './batches.ts'
import type { Bucket, Config, NetworkModel, State } from './Model.ts'
import { ModelError } from './ModelError.ts'

/** Rows of all axes together that a batch may have, so that its arrays fit into memory. */
export const MOST_ROWS = 100_000

/** Numbers that the largest array of a batch may have: 1 GiB of them. Two or three arrays of that size are there at a time. */
export const MOST_NUMBERS = 2 ** 28

/** Numbers of the largest array of a batch; an axis of the longest molecule is taken to meet itself once, where the model does not say more. */
export function numbersOf(model: NetworkModel, config: Config, bucket: Bucket): number {
  if (model.largestArray) return model.largestArray(bucket, config)
  return Object.entries(bucket)
    .filter(([axis]) => isLongest(axis))
    .reduce((most, [, length]) => Math.max(most, bucket.molecules * length ** 2), 0)
}

/**
 * The features of a batch.
 * @throws ModelError if its arrays do not fit into memory, before they are made where that is known.
 */
export function featuresOf(
  model: NetworkModel,
  molecules: MoleculeTable,
  state: State,
  config: Config,
  bucket: Bucket,
): HostArrays {
  const numbers = numbersOf(model, config, bucket)
  if (numbers > MOST_NUMBERS) {
    throw tooLarge(model, molecules, `an array of ${numbers} numbers, at most ${MOST_NUMBERS}`)
  }
  try {
    return model.featurize(molecules, state, config, bucket)
  } catch (error) {
    // What JavaScript throws for an array that is longer than it can be, or than memory is left.
    if (!(error instanceof RangeError)) throw error
    throw tooLarge(model, molecules, error.message)
  }
}

function tooLarge({ entry }: NetworkModel, molecules: MoleculeTable, why: string): ModelError {
  const { names, atomOffsets } = molecules
  const atomsOf = (m: number): number => atomOffsets[m + 1]! - atomOffsets[m]!
  const largest = [...names.keys()].reduce((a, b) => (atomsOf(b) > atomsOf(a) ? b : a), 0)
  return new ModelError(
    `a batch with ${names[largest]} (${atomsOf(largest)} atoms, the largest of ${names.length}) does not fit into memory as ${entry.id} reads it (${why}). Give fewer molecules at a time, or smaller ones.`,
  )
}
