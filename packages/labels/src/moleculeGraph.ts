import { Molecule } from 'openchemlib'

/** A molecule as a graph with every hydrogen an atom. */
export interface MoleculeGraph {
  /** Atomic number of each atom, `[atoms]`; the heavy atoms first, in the order of the SMILES. */
  readonly atomicNumbers: Uint8Array
  /** The two atoms of each bond, `[bonds, 2]`. */
  readonly bonds: Uint16Array
  /** Order of each bond, `[bonds]`; 4 where it is delocalised. */
  readonly orders: Uint8Array
}

/** Reads a SMILES without its stereochemistry. */
export function parseSmiles(smiles: string): Molecule {
  return Molecule.fromSmiles(smiles, { noCoordinates: true, noStereo: true })
}

/** The graph of a molecule; the molecule itself stays as it is. */
export function moleculeGraph(molecule: Molecule): MoleculeGraph {
  molecule.ensureHelperArrays(Molecule.cHelperRings)
  const heavy = molecule.getAllAtoms()
  const heavyBonds = molecule.getAllBonds()
  const elements = Array.from({ length: heavy }, (_, atom) => molecule.getAtomicNo(atom))
  const ends = Array.from({ length: heavyBonds }, (_, bond) => [
    molecule.getBondAtom(0, bond),
    molecule.getBondAtom(1, bond),
  ])
  const orders = Array.from({ length: heavyBonds }, (_, bond) =>
    molecule.isDelocalizedBond(bond) ? 4 : molecule.getBondOrder(bond),
  )
  for (let atom = 0; atom < heavy; atom += 1) {
    for (let count = molecule.getImplicitHydrogens(atom); count > 0; count -= 1) {
      ends.push([atom, elements.length])
      elements.push(1)
      orders.push(1)
    }
  }
  return {
    atomicNumbers: Uint8Array.from(elements),
    bonds: Uint16Array.from(ends.flat()),
    orders: Uint8Array.from(orders),
  }
}
