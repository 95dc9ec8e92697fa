import { Molecule, SmilesParser, SSSearcher } from 'openchemlib'
import { reasonOf } from './reasonOf.ts'

/** A hydrogen at the end of a pattern. */
const HYDROGEN = String.raw`\[(?:#1|H)\]`
const ENDS = new RegExp(`^(${HYDROGEN})?(.*?)(${HYDROGEN})?$`)
const NUMBERS = /^\d+-\d+-\d+-\d+$/

/**
 * Finds the four atoms of a torsion that can be turned.
 *
 * @param molecule with explicit hydrogens.
 * @param pattern four atoms in a row as SMARTS, in which `[#1]` or `[H]` at an end stands for a hydrogen, or their numbers,
 *   such as `3-0-1-5`: counted from 0 in the order of the SMILES, hydrogens behind. Of several matches the one with the
 *   lowest numbers counts.
 * @throws Error in words for people where the pattern is none, nothing matches, or the middle bond cannot be turned.
 */
export function findTorsion(molecule: Molecule, pattern: string): number[] {
  molecule.ensureHelperArrays(Molecule.cHelperRings)
  const atoms = NUMBERS.test(pattern)
    ? pattern.split('-').map(Number)
    : firstMatch(molecule, pattern)
  const count = molecule.getAllAtoms()
  const beyond = atoms.find((atom) => atom >= count)
  if (beyond !== undefined) {
    throw new Error(`there is no atom ${beyond}: the molecule has ${count}, counted from 0`)
  }
  const [i, j, k, l] = atoms as [number, number, number, number]
  const bonds = [molecule.getBond(i, j), molecule.getBond(j, k), molecule.getBond(k, l)]
  if (bonds.includes(-1) || new Set(atoms).size < 4) {
    throw new Error(`the atoms ${atoms.join('-')} are no four atoms in a row`)
  }
  const middle = bonds[1]!
  if (molecule.isRingBond(middle)) {
    throw new Error(`the bond between atoms ${j} and ${k} is in a ring: it cannot be turned`)
  }
  if (molecule.getBondOrder(middle) !== 1) {
    throw new Error(`the bond between atoms ${j} and ${k} is no single bond: it cannot be turned`)
  }
  return atoms
}

/** The library matches no hydrogens: those at the ends are taken off, and sought among the neighbours. */
function firstMatch(molecule: Molecule, pattern: string): number[] {
  const [, before, heavy = '', behind] = ENDS.exec(pattern)!
  const query = parseSmarts(heavy)
  const size = query.getAllAtoms() + (before ? 1 : 0) + (behind ? 1 : 0)
  if (size !== 4) throw new Error(`its torsion has ${size} atoms, not four in a row`)
  const searcher = new SSSearcher()
  searcher.setMol(query, molecule)
  searcher.findFragmentInMolecule({ countMode: 'rigorous' })
  const matches = searcher.getMatchList().flatMap((match) => {
    const ends = [before && match[0], behind && match.at(-1)]
    const [first, last] = ends.map((end) =>
      typeof end === 'number' ? hydrogenOf(molecule, end) : undefined,
    )
    if ((before && first === undefined) || (behind && last === undefined)) return []
    return [[...(before ? [first!] : []), ...match, ...(behind ? [last!] : [])]]
  })
  const [first] = matches.toSorted(
    (one, other) => one.map((atom, at) => atom - other[at]!).find((x) => x !== 0) ?? 0,
  )
  if (!first) throw new Error('its torsion matches nothing in the molecule')
  return first
}

function parseSmarts(text: string): Molecule {
  try {
    const query = new SmilesParser({ smartsMode: 'smarts' }).parseMolecule(text, {
      noCoordinates: true,
    })
    query.setFragment(true)
    return query
  } catch (error) {
    throw new Error(`its torsion cannot be read (${reasonOf(error)})`, { cause: error })
  }
}

function hydrogenOf(molecule: Molecule, atom: number): number | undefined {
  const neighbours = Array.from({ length: molecule.getAllConnAtoms(atom) }, (_, index) =>
    molecule.getConnAtom(atom, index),
  )
  const hydrogens = neighbours.filter((neighbour) => molecule.getAtomicNo(neighbour) === 1)
  return hydrogens.length > 0 ? Math.min(...hydrogens) : undefined
}
