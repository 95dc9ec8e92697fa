import { distance, moleculeAt, type MoleculeTable } from '@couplet/data'
import { byConstitution } from './constitutions.ts'

/** By how much the four parts of each coupling miss it, in hertz, `[pairs]`. */
export function sumErrors(table: MoleculeTable): number[] {
  return Array.from(table.couplings!, (coupling, pair) => {
    const parts = table.contributions!.subarray(4 * pair, 4 * pair + 4)
    return Math.abs(parts.reduce((sum, part) => sum + part, 0) - coupling)
  })
}

/** By how much the Mulliken charges of each molecule miss zero, in elementary charges, `[molecules]`. */
export function chargeErrors(table: MoleculeTable): number[] {
  return table.names.map((_, molecule) => {
    const [start, end] = [table.atomOffsets[molecule]!, table.atomOffsets[molecule + 1]!]
    const charges = table.mullikenCharges!.subarray(start, end)
    return Math.abs(charges.reduce((sum, charge) => sum + charge, 0))
  })
}

/**
 * The two geometries of one constitution that differ least, by the root mean square difference of their interatomic
 * distances in angstrom, sorted within each pair of elements; mirror images do not differ. Near 0 one of them is superfluous.
 */
export function closestGeometries(table: MoleculeTable): {
  readonly names: readonly string[]
  readonly distance: number
} {
  let closest = { names: [] as string[], distance: Number.POSITIVE_INFINITY }
  for (const group of byConstitution(table)) {
    const distances = group.map((molecule) => sortedDistances(table, molecule))
    for (const [index, one] of distances.entries()) {
      for (const [before, other] of distances.slice(0, index).entries()) {
        const squares = one.reduce((sum, value, place) => sum + (value - other[place]!) ** 2, 0)
        const difference = Math.sqrt(squares / one.length)
        if (difference >= closest.distance) continue
        const names = [table.names[group[before]!]!, table.names[group[index]!]!]
        closest = { names, distance: difference }
      }
    }
  }
  return closest
}

/** The distances of all atom pairs of a molecule, ordered by the two elements, then by length. */
function sortedDistances(table: MoleculeTable, molecule: number): number[] {
  const { atomicNumbers, positions } = moleculeAt(table, molecule)
  const rows: { elements: number; length: number }[] = []
  for (const [first, one] of atomicNumbers.entries()) {
    for (let second = 0; second < first; second += 1) {
      const other = atomicNumbers[second]!
      const elements = 1000 * Math.min(one, other) + Math.max(one, other)
      rows.push({ elements, length: distance(positions, first, second) })
    }
  }
  return rows
    .toSorted((one, other) => one.elements - other.elements || one.length - other.length)
    .map((row) => row.length)
}
