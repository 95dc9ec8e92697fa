import {
  COUPLING_TYPES,
  dihedral,
  graphDistances,
  moleculeAt,
  type MoleculeTable,
  neighbourLists,
  NOT_CONNECTED,
  shortestPath,
} from '@couplet/data'
import { Matrix, solve } from 'ml-matrix'

/** A coupling of two hydrogens on neighbouring carbons. */
export interface VicinalPair {
  /** Name of the molecule. */
  readonly name: string
  /** Dihedral angle H-C-C-H in radians, -pi to pi. */
  readonly dihedral: number
  /** Coupling in hertz. */
  readonly coupling: number
}

/** A least-squares fit of J = A cos^2(phi) + B cos(phi) + C. */
export interface KarplusFit {
  /** A, B and C in hertz. */
  readonly coefficients: readonly number[]
  /** Share of the variance of J that the curve explains. */
  readonly explained: number
  /** Root mean square of what it leaves, in hertz. */
  readonly rms: number
}

/**
 * The 3JHH along H-C-C-H whose carbons have four neighbours each and whose C-C bond is in no ring: where the torsion is free,
 * the dihedral decides most of the coupling.
 */
export function vicinalPairs(table: MoleculeTable): VicinalPair[] {
  const type = COUPLING_TYPES.indexOf('3JHH')
  return table.names.flatMap((name, molecule) => {
    const { atomicNumbers, bondAtoms, pairAtoms, pairTypes, positions } = moleculeAt(
      table,
      molecule,
    )
    const neighbours = neighbourLists(atomicNumbers.length, bondAtoms)
    const isSaturated = (atom: number): boolean =>
      atomicNumbers[atom] === 6 && neighbours[atom]!.length === 4
    return Array.from(pairTypes).flatMap((other, pair) => {
      if (other !== type) return []
      const path = shortestPath(neighbours, pairAtoms[2 * pair]!, pairAtoms[2 * pair + 1]!)
      const [first, carbon, next, last] = path as [number, number, number, number]
      if (!isSaturated(carbon) || !isSaturated(next)) return []
      if (isInRing(atomicNumbers.length, bondAtoms, carbon, next)) return []
      const angle = dihedral(positions, first, carbon, next, last)
      if (angle === undefined) return []
      const coupling = table.couplings![table.pairOffsets[molecule]! + pair]!
      return [{ name, dihedral: angle, coupling }]
    })
  })
}

/** Whether two bonded atoms are still connected without their bond. */
function isInRing(atoms: number, bonds: Uint16Array, first: number, second: number): boolean {
  const others = Uint16Array.from(
    Array.from({ length: bonds.length / 2 }, (_, bond) => [bonds[2 * bond]!, bonds[2 * bond + 1]!])
      .filter((ends) => !(ends.includes(first) && ends.includes(second)))
      .flat(),
  )
  return graphDistances(atoms, others)[first * atoms + second] !== NOT_CONNECTED
}

/**
 * Fits the curve of Karplus (J. Am. Chem. Soc. 1963, 85, 2870) to couplings.
 * @param pairs at least three pairs of different dihedrals.
 */
export function fitKarplus(pairs: readonly VicinalPair[]): KarplusFit {
  const cosines = pairs.map((pair) => Math.cos(pair.dihedral))
  const design = new Matrix(cosines.map((cosine) => [cosine * cosine, cosine, 1]))
  const couplings = Matrix.columnVector(pairs.map((pair) => pair.coupling))
  const solution = solve(design, couplings, true)
  const residuals = Matrix.sub(couplings, design.mmul(solution))
  const left = residuals.norm() ** 2 / pairs.length
  const variance = Matrix.sub(couplings, couplings.mean()).norm() ** 2 / pairs.length
  return {
    coefficients: solution.to1DArray(),
    explained: 1 - left / variance,
    rms: Math.sqrt(left),
  }
}
