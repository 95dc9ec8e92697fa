import { COUPLING_TYPES, type MoleculeTable } from '@couplet/data'
import type { HostArrays, Objective, Tensors } from '@couplet/engine'
import * as tf from '@tensorflow/tfjs'
import type { Bucket } from './Model.ts'
import type { Loss } from './Recipe.ts'
import { pairsOfTypes, type TypeScale } from './typeScale.ts'

const TYPES = COUPLING_TYPES.length
/** Prefix of the arrays that hold what the loss compares with; networks never see them. */
const TARGET = 'target:'

/**
 * What the loss compares with, for the pair rows of a bucket: standardised couplings `[pairs]`, type of each row `[pairs]`
 * (8 for rows that do not count), and, where the loss wants them, standardised contributions `[pairs, 4]` with their types, and for a joint
 * loss the factors `[pairs, 4]` that bring their errors to their own deviations.
 */
export function lossTargets(
  molecules: MoleculeTable,
  scale: TypeScale,
  loss: Loss,
  bucket: Bucket,
): HostArrays {
  const { couplings, contributions, pairTypes } = molecules
  const values = new Float32Array(bucket.pairs)
  const types = new Int32Array(bucket.pairs).fill(TYPES)
  const parts = new Float32Array(4 * bucket.pairs)
  const factors = new Float32Array(4 * bucket.pairs)
  const partTypes = new Int32Array(bucket.pairs).fill(TYPES)
  pairTypes.forEach((type, pair) => {
    values[pair] = (couplings![pair]! - scale.mean[type]!) / scale.deviation[type]!
    types[pair] = type
    if (!contributions || Number.isNaN(contributions[4 * pair]!)) return
    partTypes[pair] = type
    for (let part = 0; part < 4; part++) {
      // In units of the coupling's deviation, so that the four parts still add up to the coupling.
      parts[4 * pair + part] =
        (contributions[4 * pair + part]! - scale.contributionMean[type]![part]!) /
        scale.deviation[type]!
      factors[4 * pair + part] = scale.deviation[type]! / scale.contributionDeviation[type]![part]!
    }
  })
  const targets: Record<string, HostArrays[string]> = {
    [`${TARGET}couplings`]: { shape: [bucket.pairs], data: values },
    [`${TARGET}types`]: { shape: [bucket.pairs], data: types },
  }
  if (usesContributions(loss)) {
    targets[`${TARGET}contributions`] = { shape: [bucket.pairs, 4], data: parts }
    targets[`${TARGET}contributionTypes`] = { shape: [bucket.pairs], data: partTypes }
  }
  if (isJoint(loss)) {
    targets[`${TARGET}contributionFactors`] = { shape: [bucket.pairs, 4], data: factors }
  }
  return targets
}

/**
 * Sums of the errors per coupling type, `[8]`, followed by those of the contributions, `[8]`, where the loss wants them apart; of a joint
 * loss the sums over all five, `[8]`.
 */
export function lossStatistics(loss: Loss): (outputs: Tensors, features: Tensors) => tf.Tensor1D {
  const error = (difference: tf.Tensor): tf.Tensor =>
    loss.kind === 'mse' ? tf.square(difference) : tf.abs(difference)
  return (outputs, features) => {
    const couplings = perType(
      error(tf.sub(outputs['couplings']!, features[`${TARGET}couplings`]!)),
      features[`${TARGET}types`]!,
    )
    if (!usesContributions(loss)) return couplings
    if (!outputs['contributions']) {
      return isJoint(loss) ? couplings : tf.concat([couplings, tf.zerosLike(couplings)])
    }
    const differences = error(tf.sub(outputs['contributions'], features[`${TARGET}contributions`]!))
    const factors = features[`${TARGET}contributionFactors`]
    const contributions = perType(
      tf.sum(factors ? tf.mul(differences, factors) : differences, 1),
      features[`${TARGET}contributionTypes`]!,
    )
    return isJoint(loss)
      ? tf.add(couplings, tf.mul(contributions, loss.contributions!))
      : tf.concat([couplings, contributions])
  }
}

/** Sum of the rows of each coupling type; those of the padding fall into a ninth, which is cut off. */
function perType(errors: tf.Tensor, types: tf.Tensor): tf.Tensor1D {
  const sums = tf.unsortedSegmentSum(errors, types as tf.Tensor1D, TYPES + 1)
  return tf.slice(sums, [0], [TYPES]) as tf.Tensor1D
}

/**
 * The loss of a batch as a function of {@link lossStatistics} summed over its shards.
 * @param train the molecules that batches are drawn from, and how many of their pairs are of each type, `[8]`. The counts of a scale are
 *   others where a training starts from the state of a network that learnt from other molecules.
 */
export function lossObjective(
  loss: Loss,
  batch: { readonly molecules: number; readonly pairTypes: Uint8Array },
  train: { readonly molecules: number; readonly pairsOfTypes: readonly number[] },
): Objective {
  const counts = pairsOfTypes(batch.pairTypes)
  const weights = typeWeights(loss, counts, batch.molecules, train)
  // The sum of n absolute errors enters as ln(sum / n + 1e-6): the constant -ln n does not move the gradient.
  const floors = counts.map((count) => 1e-6 * count)
  if (usesContributions(loss) && !isJoint(loss)) {
    weights.push(...weights.map((weight) => weight * loss.contributions!))
    floors.push(...floors)
  }
  return loss.kind === 'ln-mae' ? { kind: 'log', weights, floors } : { kind: 'sum', weights }
}

function typeWeights(
  loss: Loss,
  counts: readonly number[],
  molecules: number,
  train: { readonly molecules: number; readonly pairsOfTypes: readonly number[] },
): number[] {
  const wanted = (type: number): boolean => loss.types?.includes(COUPLING_TYPES[type]!) ?? true
  const present = counts.filter((count, type) => count > 0 && wanted(type)).length
  const pairs = counts.reduce((sum, count, type) => (wanted(type) ? sum + count : sum), 0)
  return counts.map((count, type) => {
    if (count === 0 || !wanted(type)) return 0
    switch (loss.kind) {
      case 'mean-type-mae': {
        // Expected count in a batch of this size, not the count itself: unbiased, and calmer where a type is rare.
        const expected = (train.pairsOfTypes[type]! / train.molecules) * molecules
        return 1 / ((loss.types?.length ?? TYPES) * expected)
      }
      case 'ln-mae':
        return 1 / present
      default:
        return 1 / pairs
    }
  })
}

function usesContributions(loss: Loss): boolean {
  return (loss.contributions ?? 0) > 0
}

function isJoint(loss: Loss): boolean {
  return usesContributions(loss) && loss.joint === true
}
