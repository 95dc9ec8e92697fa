import { COUPLING_TYPES, couplingPaths, moleculeAt, type MoleculeTable } from '@couplet/data'

/** The couplings of one type, in hertz. */
export interface TypeCouplings {
  readonly values: readonly number[]
  readonly mean: number
  readonly deviation: number
}

/** The couplings of a labelled table by type, `[8]`. Deviations divide by the number of couplings. */
export function couplingsByType({ pairTypes, couplings }: MoleculeTable): TypeCouplings[] {
  return COUPLING_TYPES.map((_, type) => {
    const values = Array.from(couplings!).filter((_value, pair) => pairTypes[pair] === type)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    return { values, mean, deviation: Math.sqrt(squares / values.length) }
  })
}

/** A coupling of two hydrogens on neighbouring carbons: dihedral angle in degrees, 0 to 180, and coupling in hertz. */
export interface VicinalPair {
  readonly angle: number
  readonly coupling: number
}

const CARBON = 6

/** The 3JHH along H-C-C-H that have a dihedral angle. */
export function vicinalPairs(table: MoleculeTable): VicinalPair[] {
  const paths = couplingPaths(table)
  const wanted = COUPLING_TYPES.indexOf('3JHH')
  return table.names.flatMap((_, molecule) => {
    const { atomicNumbers } = moleculeAt(table, molecule)
    const [from, to] = [table.pairOffsets[molecule]!, table.pairOffsets[molecule + 1]!]
    return Array.from({ length: to - from }, (_pair, local) => from + local).flatMap((pair) => {
      const middle = [1, 2].map((place) => atomicNumbers[paths.pathAtoms[4 * pair + place]!])
      if (table.pairTypes[pair] !== wanted || !paths.dihedralDefined[pair]) return []
      if (middle.some((element) => element !== CARBON)) return []
      const angle = Math.abs((paths.dihedrals[pair]! * 180) / Math.PI)
      return [{ angle, coupling: table.couplings![pair]! }]
    })
  })
}
