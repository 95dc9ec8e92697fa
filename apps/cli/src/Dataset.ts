import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { MoleculeTable } from '@couplet/data'
import { readChamps } from '@couplet/data/node'
import { readDft } from '@couplet/dft'

/** Labelled molecules with the name and checksum that stand beside every score. */
export interface Dataset {
  /** `couplet-dft`, `champs-sample` or `champs`. */
  readonly name: string
  /** Checksum of the files read. */
  readonly sha256: string
  /** Licence of the data. */
  readonly licence: string
  /** Where it was read from: `couplet-dft`, or a folder. */
  readonly source: string
  /** Its molecules. */
  readonly table: MoleculeTable
}

/** Name that stands for the embedded data set. */
export const EMBEDDED = 'couplet-dft'

/** Folder, below the current one, that keeps parsed tables. */
export const CACHE_DIRECTORY = join('.cache', 'couplet')

const COMPETITION_LICENCE = 'CC BY-NC-SA 4.0 (Bratholm et al. 2021)'

/**
 * Reads the embedded data set, or a folder with the competition's files. In a folder with train_sources.csv, the random sample
 * of the competition (`champs-sample`) is taken.
 */
export async function readDataset(source: string): Promise<Dataset> {
  if (source === EMBEDDED) {
    const { table, dataset } = await readDft()
    return { name: dataset.name, sha256: dataset.sha256, licence: 'CC0-1.0', source, table }
  }
  const directory = resolve(source)
  const sample = await exists(join(directory, 'train_sources.csv'))
  const { table, dataset } = await readChamps(directory, {
    sample,
    cacheDirectory: CACHE_DIRECTORY,
  })
  const { name, sha256 } = dataset
  return { name, sha256, licence: COMPETITION_LICENCE, source: directory, table }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
