import type { MoleculeTable } from '@couplet/data'
import { type ChampsDataset, readChamps } from '@couplet/data/node'
import { readFile } from 'node:fs/promises'
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

/** How one molecule of the set came about. */
export interface DftOrigin {
  /** Name of the molecule, as in the table. */
  readonly name: string
  /** The structure that was asked for. */
  readonly smiles: string
  /** Atoms other than hydrogen. */
  readonly heavyAtoms: number
  /** How the geometry was optimised; `dft`: at the level of the couplings. */
  readonly geometry: string
  /** Program that gave the wave function. */
  readonly engine: string
  /** Whether the optimisation of the geometry converged. */
  readonly converged: boolean
  /** Whether the wave function is stable against triplet excitations. */
  readonly stable: boolean
  /** Processor time from SMILES to couplings, in seconds. */
  readonly cpuSeconds: number
}

/** Reads molecules.csv: the origin of every molecule, in the order of the file. */
export async function readDftOrigins(): Promise<DftOrigin[]> {
  const text = await readFile(`${DFT_DIRECTORY}/molecules.csv`, 'utf8')
  // Our own file: no field is quoted, since neither SMILES nor names hold commas.
  const rows = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
  return rows.map(([name, smiles, heavy, geometry, engine, converged, stable, seconds]) => ({
    name: name!,
    smiles: smiles!,
    heavyAtoms: Number(heavy),
    geometry: geometry!,
    engine: engine!,
    converged: converged === 'True',
    stable: stable === 'True',
    cpuSeconds: Number(seconds),
  }))
}
