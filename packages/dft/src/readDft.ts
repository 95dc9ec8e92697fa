import { type MoleculeTable, parseCsv, type TextColumn } from '@couplet/data'
import { type ChampsDataset, readBytes, readChamps } from '@couplet/data/node'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the packaged files, in the competition's schema. */
export const DFT_DIRECTORY = fileURLToPath(new URL('../data', import.meta.url))

/**
 * Reads the embedded data set: every molecule with its geometry, couplings, four contributions, Mulliken charges, dipole
 * moment and energy. CARD.md beside it says how it was made and what it is good for.
 * @throws DataError if the packaged files were damaged.
 */
export async function readDft(): Promise<{ table: MoleculeTable; dataset: ChampsDataset }> {
  return readChamps(DFT_DIRECTORY, { name: 'couplet-dft' })
}

/** A torsion that was held. */
export interface DftTorsion {
  /** The four atoms, counted from 0. */
  readonly atoms: readonly number[]
  /** The dihedral angle in degrees, -180 to 180. */
  readonly degrees: number
}

/** How one geometry of the set came about. */
export interface DftOrigin {
  /** Name, as in the table: `couplet_000017`, or `couplet_000017_c2` for a further conformer of that molecule. */
  readonly name: string
  /** The structure that was asked for; conformers share it. */
  readonly smiles: string
  /** Atoms other than hydrogen. */
  readonly heavyAtoms: number
  /** How the geometry was optimised: `dft`, at the level of the couplings, or `xtb`, with GFN2-xTB. */
  readonly geometry: string
  /** The torsion that was held at an angle while the rest was optimised; absent for a minimum. */
  readonly torsion?: DftTorsion
  /** Program that gave the wave function. */
  readonly engine: string
  /** Whether the optimisation of the geometry converged. */
  readonly converged: boolean
  /** Whether the wave function is stable against triplet excitations. */
  readonly stable: boolean
  /** Processor time from SMILES to couplings, in seconds. */
  readonly cpuSeconds: number
}

/**
 * Reads molecules.csv: the origin of every molecule, in the order of the file.
 * @throws DataError if the packaged file was damaged.
 */
export async function readDftOrigins(): Promise<DftOrigin[]> {
  const { columns, rows } = parseCsv(
    await readBytes(join(DFT_DIRECTORY, 'molecules.csv')),
    'molecules.csv',
    {
      molecule_name: 'text',
      smiles: 'text',
      n_heavy: 'count',
      geometry: 'text',
      engine: 'text',
      opt_converged: 'text',
      stable: 'text',
      cpu_s: 'number',
    },
  )
  return Array.from({ length: rows }, (_, row) => ({
    name: text(columns.molecule_name, row),
    smiles: text(columns.smiles, row),
    heavyAtoms: columns.n_heavy[row]!,
    ...parseGeometry(text(columns.geometry, row)),
    engine: text(columns.engine, row),
    converged: text(columns.opt_converged, row) === 'True',
    stable: text(columns.stable, row) === 'True',
    cpuSeconds: columns.cpu_s[row]!,
  }))
}

/** Reads `dft`, or `xtb:2-0-1-5:45.0`. */
function parseGeometry(words: string): Pick<DftOrigin, 'geometry' | 'torsion'> {
  const [geometry, atoms, degrees] = words.split(':')
  if (!atoms) return { geometry: geometry! }
  return {
    geometry: geometry!,
    torsion: { atoms: atoms.split('-').map(Number), degrees: Number(degrees) },
  }
}

function text(column: TextColumn, row: number): string {
  return column.values[column.codes[row]!]!
}
