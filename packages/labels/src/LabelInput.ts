/** A torsion to be held at an angle while the rest of the geometry is optimised. */
export interface HeldTorsion {
  /** Its four atoms, counted from 0, `[4]`. */
  readonly atoms: readonly number[]
  /** Its dihedral angle in degrees, above -180 to 180. */
  readonly degrees: number
}

/** One molecule to be labelled. */
export interface LabelInput {
  /** Name of the molecule; also of its record, so letters, digits, `_`, `.`, `-` only. */
  readonly name: string
  /** What it was given as: a SMILES string, or the file with its geometry. */
  readonly source: string
  /** Its SMILES, where it was given as one. */
  readonly smiles?: string
  /** Element symbol of each atom, `[atoms]`. */
  readonly elements: readonly string[]
  /** Coordinates in angstrom, `[atoms][3]`. */
  readonly positions: readonly (readonly number[])[]
  /** Bonds as given with the molecule, `[bonds, 2]`; absent: as perceived from the geometry. */
  readonly bonds?: Uint16Array
  /** The torsion that the geometry is about; held by GFN2-xTB, so that `optimise` must be `xtb`. */
  readonly torsion?: HeldTorsion
}

/** A molecule that could not even be set up, and why; it is listed among the failures. */
export interface RefusedInput {
  readonly name: string
  readonly source: string
  readonly refused: string
}
