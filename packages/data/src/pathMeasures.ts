import { COUPLING_TYPES } from './couplingTypes.ts'
import { couplingPaths, type CouplingPaths } from './couplingPaths.ts'
import type { MoleculeTable } from './MoleculeTable.ts'

/** Measures of a coupling path: distance of its ends, three bond lengths, two angles; 0 where it has fewer. */
export const PATH_MEASURES = 6

/** Mean and spread of the path measures of each coupling type over the training molecules, `[8][PATH_MEASURES]`. */
export interface PathScale {
  /** Means: angstrom for lengths, radians for angles. */
  readonly mean: readonly (readonly number[])[]
  /** Standard deviations in the same units; 1 where there is no spread. */
  readonly deviation: readonly (readonly number[])[]
}

/** Learns the spread of each type's path measures: within a type a bond length varies by hundredths of an angstrom. */
export function pathScale(molecules: MoleculeTable): PathScale {
  const paths = couplingPaths(molecules)
  const scales = COUPLING_TYPES.map((name, type) => {
    const pairs = [...molecules.pairTypes.keys()].filter(
      (pair) => molecules.pairTypes[pair] === type,
    )
    const forward = pairs.map((pair) => measuresOf(paths, pair))
    // Two hydrogens have no first one: both directions count, so that the numbering of atoms does not matter.
    const backward = name.endsWith('HH')
      ? forward.map((row) => reversedPathMeasures(row, Number(name[0])))
      : []
    const rows = forward.concat(backward)
    const columns = Array.from({ length: PATH_MEASURES }, (_unused, measure) =>
      rows.map((row) => row[measure]!),
    )
    const mean = columns.map((values) => average(values))
    const deviation = columns.map((values, measure) => {
      const spread = Math.sqrt(average(values.map((value) => (value - mean[measure]!) ** 2)))
      return spread > 1e-6 ? spread : 1
    })
    return { mean, deviation }
  })
  return {
    mean: scales.map(({ mean }) => mean),
    deviation: scales.map(({ deviation }) => deviation),
  }
}

/** The path measures of a pair, each as its distance from the type's mean in standard deviations, within plus or minus 5. */
export function standardisedPathMeasures(
  paths: CouplingPaths,
  pair: number,
  type: number,
  { mean, deviation }: PathScale,
): number[] {
  return measuresOf(paths, pair).map((value, measure) => {
    const score = (value - mean[type]![measure]!) / deviation[type]![measure]!
    return Math.max(-5, Math.min(5, score))
  })
}

/** The same measures read from the other end of the path. */
export function reversedPathMeasures(measures: readonly number[], bonds: number): number[] {
  const [distance, ...rest] = measures
  const lengths = rest.slice(0, 3)
  const angles = rest.slice(3)
  const turned = (values: readonly number[], count: number): number[] => [
    ...values.slice(0, count).toReversed(),
    ...values.slice(count),
  ]
  return [distance!, ...turned(lengths, bonds), ...turned(angles, bonds - 1)]
}

function measuresOf(paths: CouplingPaths, pair: number): number[] {
  return [
    paths.distances[pair]!,
    ...paths.bondLengths.subarray(3 * pair, 3 * pair + 3),
    paths.firstAngles[pair]!,
    paths.secondAngles[pair]!,
  ]
}

function average(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0
}
