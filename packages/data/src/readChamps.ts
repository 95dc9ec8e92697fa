import { join } from 'node:path'
import { DataError } from './DataError.ts'
import {
  champsFilesFor,
  parseChamps,
  type ChampsMolecules,
  type ChampsOptions,
} from './parseChamps.ts'
import { readBytes, readFolder } from './readBytes.ts'
import { sha256 } from './sha256.ts'
import { readCachedTable, writeCachedTable } from './tableCache.ts'

/** What to read from a folder, and where to keep the result. */
export interface ReadChampsOptions extends ChampsOptions {
  /** Name of the data set; default `champs`, or `champs-sample` for the sample. */
  readonly name?: string | undefined
  /** Folder that keeps the parsed table for the next time; made if missing. Default: none, nothing is written. */
  readonly cacheDirectory?: string | undefined
}

/** Which data a table was read from: enough to say later whether two results are about the same. */
export interface ChampsDataset {
  readonly name: string
  /** Checksum of the files read, in the order of `CHAMPS_FILES`, and of their names. */
  readonly sha256: string
  /** The files read. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[]
  /** By file, the rows about molecules without a structure. */
  readonly skipped: Readonly<Record<string, number>>
}

/**
 * Reads a folder of competition files, or of files with the same columns: structures.csv, and whichever of
 * `CHAMPS_FILES` are there. Files of other names are passed over. See `parseChamps` for what they must hold.
 *
 * With `cacheDirectory`, the table is kept there under the checksum of the files read, so that a changed file is never
 * served from the cache, and a damaged cache file is built anew.
 *
 * @throws DataError for a missing folder or file and for bad content, with file, line and advice; nothing is written then.
 */
export async function readChamps(
  directory: string,
  options: ReadChampsOptions = {},
): Promise<{ table: ChampsMolecules['table']; dataset: ChampsDataset }> {
  const present = new Set(await readFolder(directory))
  if (!present.has('structures.csv')) {
    throw new DataError(
      `${directory} has no structures.csv. Give the folder that the competition files were unpacked into.`,
    )
  }
  const names = champsFilesFor(present, options)
  const contents = new Map<string, Uint8Array>()
  for (const name of names) contents.set(name, await readBytes(join(directory, name)))
  const files = names.map((name) => ({ name, sha256: sha256(contents.get(name)!) }))
  const checksum = sha256(files.map((file) => `${file.sha256}  ${file.name}\n`).join(''))

  const { cacheDirectory } = options
  // The files already tell train from test and the sample from the whole, since each choice reads others.
  const cached = cacheDirectory && (await readCachedTable(cacheDirectory, checksum))
  const molecules = cached
    ? { table: cached.table, skipped: cached.notes as Record<string, number> }
    : parseChamps(contents, options)
  if (cacheDirectory && !cached) {
    await writeCachedTable(cacheDirectory, checksum, molecules.table, molecules.skipped)
  }
  return {
    table: molecules.table,
    dataset: {
      name: options.name ?? (options.sample ? 'champs-sample' : 'champs'),
      sha256: checksum,
      files,
      skipped: molecules.skipped,
    },
  }
}
