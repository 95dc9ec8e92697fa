import { DataError } from '../DataError.ts'
import type { MoleculeTable } from '../MoleculeTable.ts'
import { moleculeAt, type MoleculeView } from '../selectMolecules.ts'
import { aromaticity } from './aromaticity.ts'
import { bondGraph } from './BondGraph.ts'
import { lewisStructure, type LewisFailure } from './lewisStructure.ts'
import { piSystem } from './piSystem.ts'
import { smallestRings } from './smallestRings.ts'

/** Hybridisation of an atom that was not perceived. */
export const UNKNOWN_HYBRIDISATION = 255

/** A molecule whose chemistry was not perceived. */
export interface ChemistryFailure {
  /** Index of the molecule in its table. */
  readonly molecule: number
  readonly kind: LewisFailure
  /** Where + what + what to do. */
  readonly message: string
}

/**
 * The chemistry of every molecule of a table, as columns over its atoms and bonds.
 *
 * What is said to be a mean does not depend on the order of the atoms; so do hybridisation, conjugation, rings and
 * aromaticity. `bondOrders` and `formalCharges` are one structure of possibly several (either Kekulé form of benzene), and are
 * not for models that must give the same answer for every numbering of the atoms.
 */
export interface Chemistry {
  /** Bond orders 1, 2 and 3 of one Lewis structure, `[bonds]`; 0 where not known. */
  readonly bondOrders: Uint8Array
  /** Mean bond order over the resonance structures, 1.5 in benzene, `[bonds]`; NaN where not known. */
  readonly resonanceOrders: Float32Array
  /** Formal charges of one Lewis structure in elementary charges, `[atoms]`; 0 where not known. */
  readonly formalCharges: Int8Array
  /** Mean formal charge over the resonance structures, -0.5 for the oxygens of a nitro group, `[atoms]`; NaN where not known. */
  readonly resonanceCharges: Float32Array
  /** Number of p orbitals in the hybrids, `[atoms]`: 0 hydrogen, 1 sp, 2 sp2, 3 sp3; 255 where not known. */
  readonly hybridisations: Uint8Array
  /** 1 for atoms in aromatic rings, `[atoms]`; 0 where not known. */
  readonly aromaticAtoms: Uint8Array
  /** 1 for bonds in aromatic rings, `[bonds]`; 0 where not known. */
  readonly aromaticBonds: Uint8Array
  /** 1 for conjugated bonds, `[bonds]`; 0 where not known. */
  readonly conjugatedBonds: Uint8Array
  /** Number of atoms of the smallest ring through each atom, `[atoms]`; 0 outside of rings. Known in every case. */
  readonly atomRingSizes: Uint8Array
  /** Number of atoms of the smallest ring through each bond, `[bonds]`; 0 outside of rings. Known in every case. */
  readonly bondRingSizes: Uint8Array
  /** The molecules that were not perceived; empty unless they were to be marked. */
  readonly failures: readonly ChemistryFailure[]
}

/** What to do with molecules whose chemistry is not perceived. */
export interface ChemistryOptions {
  /** `throw` an error about the first (default), or `mark` their rows as not known and list them. */
  readonly onFailure?: 'throw' | 'mark'
}

/**
 * Perceives the chemistry of molecules from geometry and bonds: bond orders, formal charges, hybridisation, conjugation,
 * aromaticity, ring sizes. All hydrogens must be there, and each molecule must have closed shells and total charge 0; charges
 * within it (zwitterions, nitro groups, isonitriles) are found.
 *
 * @throws DataError for a molecule without such a structure, unless `onFailure` is `mark`.
 */
export function perceiveChemistry(table: MoleculeTable, options: ChemistryOptions = {}): Chemistry {
  const atoms = table.atomicNumbers.length
  const bonds = table.bondAtoms.length / 2
  const failures: ChemistryFailure[] = []
  const columns = {
    bondOrders: new Uint8Array(bonds),
    resonanceOrders: new Float32Array(bonds).fill(Number.NaN),
    formalCharges: new Int8Array(atoms),
    resonanceCharges: new Float32Array(atoms).fill(Number.NaN),
    hybridisations: new Uint8Array(atoms).fill(UNKNOWN_HYBRIDISATION),
    aromaticAtoms: new Uint8Array(atoms),
    aromaticBonds: new Uint8Array(bonds),
    conjugatedBonds: new Uint8Array(bonds),
    atomRingSizes: new Uint8Array(atoms),
    bondRingSizes: new Uint8Array(bonds),
  }
  for (let molecule = 0; molecule < table.names.length; molecule += 1) {
    const view = moleculeAt(table, molecule)
    const perceived = perceive(view)
    if (typeof perceived.lewis === 'string') {
      const message = explain(view.name, perceived.lewis)
      if (options.onFailure !== 'mark') throw new DataError(message)
      failures.push({ molecule, kind: perceived.lewis, message })
    }
    for (const [name, values] of Object.entries(perceived.columns)) {
      const column = columns[name as keyof typeof columns]
      const offsets = ATOM_COLUMNS.has(name) ? table.atomOffsets : table.bondOffsets
      column.set(values, offsets[molecule])
    }
  }
  return { ...columns, failures }
}

const ATOM_COLUMNS: ReadonlySet<string> = new Set([
  'formalCharges',
  'resonanceCharges',
  'hybridisations',
  'aromaticAtoms',
  'atomRingSizes',
])

function perceive({ atomicNumbers, positions, bondAtoms }: MoleculeView) {
  const graph = bondGraph(atomicNumbers.length, bondAtoms)
  const rings = smallestRings(graph)
  const input = { atomicNumbers, positions, graph }
  const lewis = lewisStructure(input)
  const { atomRingSizes, bondRingSizes } = rings
  if (typeof lewis === 'string') return { lewis, columns: { atomRingSizes, bondRingSizes } }
  return {
    lewis,
    columns: {
      atomRingSizes,
      bondRingSizes,
      ...lewis,
      ...piSystem(atomicNumbers, graph, lewis),
      ...aromaticity(input, lewis, rings),
    },
  }
}

const EXPLANATIONS: Readonly<Record<LewisFailure, string>> = {
  valence:
    'an atom has more bonds than it can have, or none. Check the geometry, and that all hydrogens are there.',
  'odd electrons':
    'it has an odd number of electrons: a radical, an ion, or a hydrogen too many or too few. Give a neutral molecule with all its hydrogens.',
  'no neutral octets':
    'no bond orders give every atom an octet with total charge 0: an ion, a carbene, or a bond that the geometry shows wrongly. Give a neutral molecule with closed shells.',
  'too interwoven':
    'its rings are too interwoven to search all bond orders. Check its bonds; leave it out if they are right.',
}

const explain = (name: string, kind: LewisFailure): string =>
  `${name}: the bond orders cannot be told, because ${EXPLANATIONS[kind]}`
