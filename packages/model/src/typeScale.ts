import { COUPLING_TYPES, DataError, type MoleculeTable } from '@couplet/data'

/** Centre and spread of each coupling type's labels, in hertz, in the order of `COUPLING_TYPES`. */
export interface TypeScale {
  /** Mean coupling of each type in hertz, `[8]`; 0 for a type without labels. */
  readonly mean: readonly number[]
  /** Standard deviation of each type in hertz, `[8]`; 1 for a type without two different labels. */
  readonly deviation: readonly number[]
  /** Mean of each type's four contributions in hertz, `[8][4]`; 0 where none is known. */
  readonly contributionMean: readonly (readonly number[])[]
  /** Standard deviation of each type's four contributions in hertz, `[8][4]`; 1 where there is no spread. */
  readonly contributionDeviation: readonly (readonly number[])[]
  /** Number of labelled pairs of each type, `[8]`. */
  readonly count: readonly number[]
}

/**
 * Mean and standard deviation of every coupling type over labelled molecules.
 * @throws DataError if the molecules have no labels.
 */
export function typeScale(train: MoleculeTable): TypeScale {
  const { couplings, contributions, pairTypes } = train
  if (!couplings || couplings.length === 0) {
    throw new DataError('the molecules to learn from have no couplings. Read a set with train.csv.')
  }
  const types = COUPLING_TYPES.map((_, type) => {
    const pairs = [...pairTypes.keys()].filter((pair) => pairTypes[pair] === type)
    const mean = average(pairs.map((pair) => couplings[pair]!))
    const parts = [0, 1, 2, 3].map((part) =>
      pairs
        .map((pair) => contributions?.[4 * pair + part] ?? NaN)
        .filter((value) => !Number.isNaN(value)),
    )
    return {
      mean,
      deviation: deviationOf(pairs.map((pair) => couplings[pair]!)),
      contributionMean: parts.map(average),
      contributionDeviation: parts.map(deviationOf),
      count: pairs.length,
    }
  })
  return {
    mean: types.map(({ mean }) => mean),
    deviation: types.map(({ deviation }) => deviation),
    contributionMean: types.map(({ contributionMean }) => contributionMean),
    contributionDeviation: types.map(({ contributionDeviation }) => contributionDeviation),
    count: types.map(({ count }) => count),
  }
}

/** How many pairs are of each coupling type, `[8]`, in the order of `COUPLING_TYPES`. */
export function pairsOfTypes(pairTypes: Uint8Array): number[] {
  const counts = COUPLING_TYPES.map(() => 0)
  for (const type of pairTypes) counts[type]! += 1
  return counts
}

function deviationOf(values: readonly number[]): number {
  const mean = average(values)
  const variance = average(values.map((value) => (value - mean) ** 2))
  return variance > 1e-12 ? Math.sqrt(variance) : 1
}

function average(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0
}
