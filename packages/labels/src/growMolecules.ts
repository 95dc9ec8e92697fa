import { constitutionKey } from '@couplet/data'
import { Molecule } from 'openchemlib'
import { moleculeGraph, parseSmiles } from './moleculeGraph.ts'
import { oddGroupOf } from './oddChemistry.ts'

/** Hydrogens of the hydride of carbon, nitrogen, oxygen and fluorine, by atomic number: the bonds that the atom can have. */
const VALENCES = new Map([
  [6, 4],
  [7, 3],
  [8, 2],
  [9, 1],
])

const MOST_RINGS = 2

/**
 * The molecules that have one heavy atom more than those given: a carbon, nitrogen, oxygen or fluorine added to every
 * atom by every bond that the valences leave room for, then one ring closed in each of these, too. The idea is that of the GDB
 * databases (Fink, Reymond, J. Chem. Inf. Model. 2007, 47, 342), the rules are those of `oddChemistry.ts`.
 *
 * One molecule of each constitution, without stereochemistry; at most two rings, at least one carbon and one hydrogen.
 * @param smiles molecules to grow; hydrogen is implicit.
 * @returns SMILES, sorted.
 */
export function growMolecules(smiles: readonly string[]): string[] {
  const grown = distinct(smiles.flatMap((one) => withOneMoreAtom(parseSmiles(one))))
  const all = distinct([...grown, ...grown.flatMap(withOneMoreRing)])
  return all
    .filter(isWanted)
    .map((molecule) => molecule.toIsomericSmiles())
    .toSorted()
}

/** The first molecule of each constitution. */
function distinct(molecules: readonly Molecule[]): Molecule[] {
  const first = new Map<string | undefined, Molecule>()
  for (const molecule of molecules) {
    const { atomicNumbers, bonds } = moleculeGraph(molecule)
    const key = constitutionKey(atomicNumbers, bonds)
    if (!first.has(key)) first.set(key, molecule)
  }
  return [...first.values()]
}

function withOneMoreAtom(molecule: Molecule): Molecule[] {
  const grown: Molecule[] = []
  molecule.ensureHelperArrays(Molecule.cHelperRings)
  for (let atom = 0; atom < molecule.getAllAtoms(); atom += 1) {
    for (const [element, valence] of VALENCES) {
      const most = Math.min(3, valence, molecule.getImplicitHydrogens(atom))
      for (let order = 1; order <= most; order += 1) {
        const copy = molecule.getCompactCopy()
        grown.push(joined(copy, atom, copy.addAtom(element), order))
      }
    }
  }
  return grown
}

function withOneMoreRing(molecule: Molecule): Molecule[] {
  const closed: Molecule[] = []
  const atoms = molecule.getAllAtoms()
  molecule.ensureHelperArrays(Molecule.cHelperRings)
  if (molecule.getAllBonds() - atoms + 1 >= MOST_RINGS) return closed
  for (let first = 0; first < atoms; first += 1) {
    for (let second = first + 1; second < atoms; second += 1) {
      if (molecule.getBond(first, second) !== -1) continue
      const [one, other] = [first, second].map((atom) => molecule.getImplicitHydrogens(atom))
      for (let order = 1; order <= Math.min(2, one!, other!); order += 1) {
        closed.push(joined(molecule.getCompactCopy(), first, second, order))
      }
    }
  }
  return closed
}

function joined(molecule: Molecule, first: number, second: number, order: number): Molecule {
  molecule.setBondOrder(molecule.addBond(first, second), order)
  return molecule
}

function isWanted(molecule: Molecule): boolean {
  const { atomicNumbers } = moleculeGraph(molecule)
  return (
    atomicNumbers.includes(6) && atomicNumbers.includes(1) && oddGroupOf(molecule) === undefined
  )
}
