/**
 * Molecules as flat columns: the one form in which molecules travel through Couplet.
 *
 * Molecule `m` owns atoms `atomOffsets[m] .. atomOffsets[m + 1]`, bonds `bondOffsets[m] .. bondOffsets[m + 1]` and
 * pairs `pairOffsets[m] .. pairOffsets[m + 1]`. Atom indices of bonds and pairs count within their molecule.
 */
export interface MoleculeTable {
  /** Name of each molecule, for example `dsgdb9nsd_000001`; unique. */
  readonly names: readonly string[]
  /** Start of each molecule's atoms, `[molecules + 1]`. */
  readonly atomOffsets: Uint32Array
  /** Atomic number of each atom, `[atoms]`: 1, 6, 7, 8 or 9. */
  readonly atomicNumbers: Uint8Array
  /** Cartesian coordinates in angstrom, `[atoms, 3]`. */
  readonly positions: Float32Array
  /** Start of each molecule's bonds, `[molecules + 1]`. */
  readonly bondOffsets: Uint32Array
  /** The two atoms of each bond, smaller index first, `[bonds, 2]`. */
  readonly bondAtoms: Uint16Array
  /** Start of each molecule's coupled pairs, `[molecules + 1]`. */
  readonly pairOffsets: Uint32Array
  /** Row id of each pair: the competition's, or a running number, `[pairs]`. */
  readonly pairIds: Uint32Array
  /** The two atoms of each pair, hydrogen first, `[pairs, 2]`. */
  readonly pairAtoms: Uint16Array
  /** Index of each pair's type in {@link COUPLING_TYPES}, `[pairs]`. */
  readonly pairTypes: Uint8Array
  /** Scalar coupling constants in hertz, `[pairs]`; absent for unlabelled molecules. */
  readonly couplings?: Float32Array
  /** Fermi contact, spin-dipolar, paramagnetic and diamagnetic spin-orbit parts in hertz, `[pairs, 4]`; NaN where not known. */
  readonly contributions?: Float32Array
  /** Couplings in hertz that the first stage of a model with two stages predicts, `[pairs]`: inputs of the second, never labels. */
  readonly firstStageCouplings?: Float32Array
  /** Mulliken charges in elementary charges, `[atoms]`; NaN where not known. */
  readonly mullikenCharges?: Float32Array
  /** Magnetic shielding tensors in ppm, `[atoms, 9]` in the order XX YX ZX XY YY ZY XZ YZ ZZ; NaN where not known. */
  readonly shieldingTensors?: Float32Array
  /** Dipole moments in debye, `[molecules, 3]`; NaN where not known. */
  readonly dipoleMoments?: Float32Array
  /** Potential energies in hartree, `[molecules]`; NaN where not known. */
  readonly potentialEnergies?: Float64Array
}
