import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from './UsageError.ts'

/** Folder of the entries' packages, from the root of a checkout. */
export const ENTRIES_FOLDER = join('packages', 'entries')

/** The package of an entry. */
export interface EntryPackage {
  /** Root of the checkout. */
  readonly root: string
  /** Name of its folder, and of the package without scope. */
  readonly id: string
  /** Its folder from the root. */
  readonly folder: string
}

/**
 * The package of an entry in a checkout.
 * @param name of its folder.
 * @throws UsageError that lists the known ones.
 */
export async function findEntryPackage(root: string, name: string): Promise<EntryPackage> {
  const known = await entryFolders(root)
  if (known.includes(name)) return { root, id: name, folder: join(ENTRIES_FOLDER, name) }
  throw new UsageError(
    `there is no package ${name} in ${ENTRIES_FOLDER}. There are: ${known.join(', ')}. \`couplet new ${name}\` makes one.`,
  )
}

/** Names of the folders that hold entries. */
export async function entryFolders(root: string): Promise<string[]> {
  const all = await readdir(join(root, ENTRIES_FOLDER), { withFileTypes: true })
  return all.filter((item) => item.isDirectory()).map(({ name }) => name)
}

/** Text of a file of a checkout, or nothing if there is none. */
export async function readText(root: string, path: string): Promise<string | undefined> {
  return readFile(join(root, path), 'utf8').catch(() => undefined)
}
