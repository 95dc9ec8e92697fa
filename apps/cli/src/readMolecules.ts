import { readdir } from 'node:fs/promises'
import { extname } from 'node:path'
import type { MoleculeTable } from '@couplet/data'
import { readChamps, readXyz } from '@couplet/data/node'
import { UsageError } from './UsageError.ts'

/**
 * Reads a user's molecules: the competition's test molecules, an XYZ file, or a folder of such files.
 * @throws UsageError for anything else; DataError for a bad file.
 */
export async function readMolecules(
  input: string,
): Promise<{ table: MoleculeTable; fromTestFile: boolean }> {
  if (extname(input).toLowerCase() === '.xyz')
    return { table: await readXyz(input), fromTestFile: false }
  const files = await readdir(input).catch(() => {
    throw new UsageError(`${input} is neither a folder nor an .xyz file. Give one of them.`)
  })
  if (files.includes('test.csv')) {
    return { table: (await readChamps(input, { part: 'test' })).table, fromTestFile: true }
  }
  if (files.some((file) => file.toLowerCase().endsWith('.xyz'))) {
    return { table: await readXyz(input), fromTestFile: false }
  }
  throw new UsageError(`${input} has neither test.csv nor .xyz files. Give a folder that has.`)
}
