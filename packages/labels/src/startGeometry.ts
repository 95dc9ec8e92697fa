import { ConformerGenerator, ForceFieldMMFF94, Molecule, Resources } from 'openchemlib'
import type { HeldTorsion } from './LabelInput.ts'
import { turnTorsion } from './turnTorsion.ts'

/** Conformers tried; the one with the lowest MMFF94s+ energy is the start. */
const CONFORMERS = 20
/** Equal molecules get equal geometries. */
const SEED = 7

/** A molecule with explicit hydrogens: elements, coordinates in angstrom and bonds. */
export interface StartGeometry {
  readonly elements: readonly string[]
  readonly positions: readonly (readonly number[])[]
  readonly bonds: Uint16Array
}

/**
 * Builds a 3D geometry of a molecular graph: the best of up to 20 conformers by the MMFF94s+ force field.
 *
 * @throws Error in words for people, without prefix, for what cannot be labelled or embedded.
 */
export function startGeometry(molecule: Molecule): StartGeometry {
  return lowest(conformersOf(molecule))
}

/** The conformers of a molecular graph, hydrogens explicit and behind the other atoms, each at its MMFF94s+ minimum. */
export function conformersOf(molecule: Molecule): Molecule[] {
  refuseUnsupported(molecule)
  Resources.registerFromNodejs()
  const generator = new ConformerGenerator(SEED)
  if (!generator.initializeConformers(molecule)) throw new Error('the structure has an error')
  const conformers: Molecule[] = []
  while (conformers.length < CONFORMERS) {
    const conformer = generator.getNextConformerAsMolecule()
    if (!conformer) break
    minimise(conformer)
    conformers.push(conformer)
  }
  if (conformers.length === 0) throw new Error('no 3D geometry was found; give one as XYZ or SDF')
  return conformers
}

/** The conformer that is lowest once its torsion has the wanted angle; the rest of it is not relaxed. */
export function turnedGeometry(
  conformers: readonly Molecule[],
  { atoms, degrees }: HeldTorsion,
): StartGeometry {
  const turned = conformers.map((conformer) => {
    const copy = conformer.getCompactCopy()
    turnTorsion(copy, atoms, degrees)
    return copy
  })
  return lowest(turned)
}

function lowest(conformers: readonly Molecule[]): StartGeometry {
  const energies = conformers.map(energyOf)
  return geometryOf(conformers[energies.indexOf(Math.min(...energies))]!)
}

/** Elements, coordinates and bonds of a molecule whose atoms all have coordinates. */
export function geometryOf(molecule: Molecule): StartGeometry {
  const atoms = Array.from({ length: molecule.getAllAtoms() }, (_, atom) => atom)
  const bonds = Array.from({ length: molecule.getAllBonds() }, (_, bond) =>
    [molecule.getBondAtom(0, bond), molecule.getBondAtom(1, bond)].toSorted((a, b) => a - b),
  )
  return {
    elements: atoms.map((atom) => molecule.getAtomLabel(atom)),
    // The library turns a molfile half round its x axis when it reads it (y and z change sign); this turns it back.
    positions: atoms.map((atom) => [
      molecule.getAtomX(atom),
      0 - molecule.getAtomY(atom),
      0 - molecule.getAtomZ(atom),
    ]),
    bonds: Uint16Array.from(bonds.toSorted((a, b) => a[0]! - b[0]! || a[1]! - b[1]!).flat()),
  }
}

/** @throws Error for charges, radicals, several parts and other elements than H, C, N, O, F. */
export function refuseUnsupported(molecule: Molecule): void {
  let charge = 0
  for (let atom = 0; atom < molecule.getAllAtoms(); atom++) {
    const label = molecule.getAtomLabel(atom)
    if (!['H', 'C', 'N', 'O', 'F'].includes(label)) {
      throw new Error(`${label} is not among the elements H, C, N, O, F`)
    }
    if (molecule.getAtomRadical(atom) !== 0) throw new Error('it is a radical: closed shells only')
    charge += molecule.getAtomCharge(atom)
  }
  if (charge !== 0) throw new Error(`its charge is ${charge}: neutral molecules only`)
  if (molecule.getFragments().length !== 1) throw new Error('it is more than one molecule')
}

/** Minimises in place; a conformer for which the force field lacks a parameter stays as it is. */
function minimise(conformer: Molecule): void {
  forceField(conformer)?.minimise()
}

/** Energy of a conformer; where the force field lacks a parameter, or has none for three atoms in line, all count the same. */
function energyOf(conformer: Molecule): number {
  const energy = forceField(conformer)?.getTotalEnergy() ?? 0
  return Number.isFinite(energy) ? energy : 0
}

function forceField(conformer: Molecule): ForceFieldMMFF94 | undefined {
  try {
    return new ForceFieldMMFF94(conformer, 'MMFF94s+')
  } catch {
    return undefined
  }
}
