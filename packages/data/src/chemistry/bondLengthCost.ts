/**
 * Covalent radii in angstrom for single, double and triple bonds, by atomic number: P. Pyykkö, J. Phys. Chem. A 119, 2326
 * (2015), table 2. Hydrogen and fluorine have single bonds only.
 */
const RADII: Readonly<Record<number, readonly [number, number, number]>> = {
  6: [0.75, 0.67, 0.6],
  7: [0.71, 0.6, 0.54],
  8: [0.63, 0.57, 0.53],
}

/**
 * How far a bond may be off its reference length, in angstrom: the standard deviation of the fit. With 0.1 the two Kekulé
 * forms of rectangular cyclobutadiene (1.33 and 1.57 angstrom) weigh 2000 : 1, those of benzene 1 : 1.
 */
const SPREAD = 0.1

/**
 * How badly a bond order fits a bond length: half the square of the deviation from the sum of covalent radii, in units of the
 * spread squared, so that `exp(-cost)` weighs the structure that has the bond.
 *
 * @param first atomic number of one atom: 6, 7 or 8.
 * @param order 1, 2 or 3.
 * @param length in angstrom.
 */
export function bondLengthCost(
  first: number,
  second: number,
  order: number,
  length: number,
): number {
  const reference = RADII[first]![order - 1]! + RADII[second]![order - 1]!
  return ((length - reference) / SPREAD) ** 2 / 2
}
