import { completeGraphSizes, type MoleculeTable } from '@couplet/data'
import type { Sizes } from '@couplet/model'

/** Number of atoms, of ordered pairs of different atoms and of ordered triples of three different ones of each molecule. */
export function sizes(molecules: MoleculeTable): Sizes {
  const { atoms, edges } = completeGraphSizes(molecules)
  return { atoms, edges, triplets: edges.map((count, m) => count * Math.max(0, atoms[m]! - 2)) }
}

/** Row of the edge between two different atoms of a molecule, counted from its first: by first and then by second atom. */
export function edgeRow(atoms: number, source: number, target: number): number {
  return source * (atoms - 1) + target - (target > source ? 1 : 0)
}

/**
 * Calls back for every ordered triple of different atoms of a molecule, with its angle at the second atom in radians and its area in angstrom
 * squared, both from the three sides. Of atoms that coincide the angle is 0.
 * @param distances `[atoms, atoms]`.
 */
export function forEachTriple(
  atoms: number,
  distances: Float64Array,
  visit: (i: number, j: number, k: number, angle: number, area: number) => void,
): void {
  for (let i = 0; i < atoms; i++) {
    for (let j = 0; j < atoms; j++) {
      if (j === i) continue
      for (let k = 0; k < atoms; k++) {
        if (k === i || k === j) continue
        const one = distances[i * atoms + j]!
        const other = distances[j * atoms + k]!
        const across = distances[i * atoms + k]!
        const product = 2 * one * other
        const cosine = product > 0 ? (one * one + other * other - across * across) / product : 1
        const angle = Math.acos(Math.max(-1, Math.min(1, cosine)))
        visit(i, j, k, angle, (product / 4) * Math.sin(angle))
      }
    }
  }
}
