import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { buildTable, type MoleculeRecord } from './buildTable.ts'
import { DataError } from './DataError.ts'
import type { MoleculeTable } from './MoleculeTable.ts'
import { parseXyz } from './parseXyz.ts'
import { asDataError, readBytes, readFolder } from './readBytes.ts'

/**
 * Reads an XYZ file, or every `.xyz` file of a folder in the order of their names; see `parseXyz` for the format. Molecules
 * are called after their files. The pairs are those of the competition's rule, with running ids, without labels.
 *
 * @throws DataError for a missing or bad file and for a folder without XYZ files.
 */
export async function readXyz(path: string): Promise<MoleculeTable> {
  const folder = await isFolder(path)
  const files = folder
    ? (await readFolder(path))
        .filter((file) => /\.xyz$/i.test(file))
        .map((file) => join(path, file))
    : [path]
  if (files.length === 0) {
    throw new DataError(`${path} has no .xyz files. Give a folder that has some, or one file.`)
  }
  const records: MoleculeRecord[][] = []
  for (const file of files) {
    const name = basename(file).replace(/\.xyz$/i, '')
    records.push(parseXyz(await readText(file), name, basename(file)))
  }
  return buildTable(records.flat())
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    throw asDataError(error, path)
  }
}

async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new DataError(`${path} is not text in UTF-8. Save it as plain text.`)
  }
}
