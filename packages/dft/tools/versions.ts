import { join } from 'node:path'
import { DataError } from '@couplet/data'
import { readBytes, readChamps, readFolder, sha256, writeAtomically } from '@couplet/data/node'
import { type DftVersion, type FrozenDftVersion, readDftVersion } from '../src/readDftVersion.ts'
import { byConstitution } from './constitutions.ts'

/** What the files of a folder are now, as a frozen version tells it. */
export async function describeVersion(
  directory: string,
): Promise<Omit<FrozenDftVersion, 'version' | 'date'>> {
  const { table, dataset } = await readChamps(directory)
  const names = (await readFolder(directory)).toSorted()
  const files = names.map(
    async (name) => [name, sha256(await readBytes(join(directory, name)))] as const,
  )
  // A further conformer of couplet_000017 is couplet_000017_c2.
  const molecules = new Set(table.names.map((name) => name.replace(/_c\d+$/, '')))
  return {
    sha256: dataset.sha256,
    geometries: table.names.length,
    molecules: molecules.size,
    constitutions: byConstitution(table).length,
    pairs: table.pairTypes.length,
    files: Object.fromEntries(await Promise.all(files)),
  }
}

/**
 * Declares the files of a folder to be the version that they were growing to.
 * @throws DataError if it is frozen already.
 */
export async function freeze(
  directory: string,
  path: string,
  date: string,
): Promise<FrozenDftVersion> {
  const { version, frozen, versions } = await readDftVersion(path)
  if (frozen) {
    throw new DataError(
      `version ${version} is frozen already. Begin the next one by taking in molecules: take-in <folder> --next-version.`,
    )
  }
  const made = { version, date, ...(await describeVersion(directory)) }
  await writeVersion(path, { version, frozen: true, versions: [...versions, made] })
  return made
}

/** Opens a frozen set for growth; a growing one stays as it is. Returns the version that it grows to. */
export async function beginNext(path: string): Promise<number> {
  const state = await readDftVersion(path)
  if (!state.frozen) return state.version
  const version = state.version + 1
  await writeVersion(path, { ...state, version, frozen: false })
  return version
}

/** The files of a folder that are not those of the frozen version; none while the set grows. */
export async function changedSince(directory: string, state: DftVersion): Promise<string[]> {
  const last = state.frozen ? state.versions.at(-1) : undefined
  if (!last) return []
  const { files } = await describeVersion(directory)
  const names = new Set([...Object.keys(last.files), ...Object.keys(files)])
  return [...names].filter((name) => files[name] !== last.files[name]).toSorted()
}

async function writeVersion(path: string, state: DftVersion): Promise<void> {
  await writeAtomically(path, [`${JSON.stringify(state, null, 2)}\n`])
}
