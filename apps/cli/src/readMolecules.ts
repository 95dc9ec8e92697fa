import { readdir } from 'node:fs/promises'
import { extname } from 'node:path'
import type { MoleculeTable } from '@couplet/data'
import { readChamps, readXyz } from '@couplet/data/node'
import { UsageError } from './UsageError.ts'

/** A user's molecules. */
interface Molecules {
  readonly table: MoleculeTable
  /** Whether they are those of the competition's test.csv. */
  readonly fromTestFile: boolean
}

/**
 * Reads a user's molecules: the competition's test molecules, an XYZ file, or a folder of such files.
 * @throws UsageError for anything else, and where no coupling is to be predicted; DataError for a bad file.
 */
export async function readMolecules(input: string): Promise<Molecules> {
  const molecules = await read(input)
  if (molecules.table.pairTypes.length > 0) return molecules
  throw new UsageError(
    `${input} has no coupled pair: no hydrogen is within three bonds of a hydrogen, carbon or nitrogen. Give molecules with all hydrogens, and coordinates in angstrom.`,
  )
}

async function read(input: string): Promise<Molecules> {
  if (extname(input).toLowerCase() === '.xyz')
    return { table: await readXyz(input), fromTestFile: false }
  const files = await readdir(input).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      error.code === 'ENOTDIR'
        ? `${input} is neither a folder nor an .xyz file. Convert it first, for example by Open Babel: obabel molecule.sdf -O molecule.xyz`
        : `${input} ${error.code === 'ENOENT' ? 'does not exist' : 'may not be opened'}. Check the path.`,
    )
  })
  if (files.includes('test.csv')) {
    return { table: (await readChamps(input, { part: 'test' })).table, fromTestFile: true }
  }
  if (files.some((file) => file.toLowerCase().endsWith('.xyz'))) {
    return { table: await readXyz(input), fromTestFile: false }
  }
  throw new UsageError(`${input} has neither test.csv nor .xyz files. Give a folder that has.`)
}
