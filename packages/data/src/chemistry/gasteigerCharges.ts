import type { MoleculeTable } from '../MoleculeTable.ts'
import type { Chemistry } from './perceiveChemistry.ts'

/**
 * Electronegativity in volt as `a + b q + c q²` of the charge q, by element and number of p orbitals in its hybrids: J. Gasteiger,
 * M. Marsili, Tetrahedron 36, 3219 (1980), table 1.
 */
const PARAMETERS: Readonly<Record<string, readonly [number, number, number]>> = {
  '1.0': [7.17, 6.24, -0.56],
  '6.3': [7.98, 9.18, 1.88],
  '6.2': [8.79, 9.32, 1.51],
  '6.1': [10.39, 9.45, 0.73],
  '7.3': [11.54, 10.82, 1.36],
  '7.2': [12.87, 11.15, 0.85],
  '7.1': [15.68, 11.7, -0.27],
  '8.3': [14.18, 12.92, 1.39],
  '8.2': [17.07, 13.79, 0.47],
  '9.3': [14.66, 13.85, 2.31],
}

/** Electronegativity of the hydrogen cation in volt, which the paper sets apart from `a + b + c`. */
const HYDROGEN_CATION = 20.02

/** Each round moves half as much charge as the one before: after 12 a charge is within 0.001 of its limit. */
const ROUNDS = 12

/**
 * Partial charges by iterative partial equalisation of orbital electronegativity (Gasteiger and Marsili 1980): in every round
 * charge flows along each bond to the more electronegative atom, and half as much as in the round before. The flow starts from
 * the mean formal charges over the resonance structures, so that the two oxygens of a nitro group get the same.
 *
 * The paper has no parameters for sp oxygen (carbon monoxide), which is treated as sp2.
 *
 * @param chemistry of the same table.
 * @returns charges in elementary charges, `[atoms]`; they add up to 0 in each molecule; NaN where chemistry was not perceived.
 */
export function gasteigerCharges(table: MoleculeTable, chemistry: Chemistry): Float32Array {
  const charges = Float64Array.from(chemistry.resonanceCharges)
  const atoms = charges.length
  const coefficients = new Float64Array(3 * atoms)
  const cations = new Float64Array(atoms)
  for (let atom = 0; atom < atoms; atom += 1) {
    const atomicNumber = table.atomicNumbers[atom]!
    const key = `${atomicNumber}.${chemistry.hybridisations[atom]!}`
    const own = PARAMETERS[key] ?? PARAMETERS['8.2']!
    coefficients.set(own, 3 * atom)
    cations[atom] = atomicNumber === 1 ? HYDROGEN_CATION : own[0] + own[1] + own[2]
  }
  const bonds = absoluteBonds(table)
  const electronegativities = new Float64Array(atoms)
  let damping = 1
  for (let round = 0; round < ROUNDS; round += 1) {
    damping /= 2
    for (let atom = 0; atom < atoms; atom += 1) {
      const charge = charges[atom]!
      electronegativities[atom] =
        coefficients[3 * atom]! +
        charge * (coefficients[3 * atom + 1]! + charge * coefficients[3 * atom + 2]!)
    }
    for (let bond = 0; bond < bonds.length; bond += 2) {
      const first = bonds[bond]!
      const second = bonds[bond + 1]!
      const difference = electronegativities[second]! - electronegativities[first]!
      const flow = (damping * difference) / cations[difference > 0 ? first : second]!
      charges[first]! += flow
      charges[second]! -= flow
    }
  }
  return Float32Array.from(charges)
}

/** The two atoms of each bond, counted over the table, `[bonds, 2]`. */
function absoluteBonds({ names, atomOffsets, bondOffsets, bondAtoms }: MoleculeTable): Uint32Array {
  const atoms = Uint32Array.from(bondAtoms)
  for (let molecule = 0; molecule < names.length; molecule += 1) {
    for (let end = 2 * bondOffsets[molecule]!; end < 2 * bondOffsets[molecule + 1]!; end += 1) {
      atoms[end]! += atomOffsets[molecule]!
    }
  }
  return atoms
}
