/** One molecule to be labelled. */
export interface LabelInput {
  /** Name of the molecule; also of its record, so letters, digits, `_`, `.`, `-` only. */
  readonly name: string
  /** What it was given as: a SMILES string, or the file with its geometry. */
  readonly source: string
  /** Element symbol of each atom, `[atoms]`. */
  readonly elements: readonly string[]
  /** Coordinates in angstrom, `[atoms][3]`. */
  readonly positions: readonly (readonly number[])[]
  /** Bonds as given with the molecule, `[bonds, 2]`; absent: as perceived from the geometry. */
  readonly bonds?: Uint16Array
}

/** A molecule that could not even be set up, and why; it is listed among the failures. */
export interface RefusedInput {
  readonly name: string
  readonly source: string
  readonly refused: string
}
