import { DataError } from '@couplet/data'
import { readBytes } from '@couplet/data/node'
import { fileURLToPath } from 'node:url'

/** Where the version of the embedded data set is written down. */
export const DFT_VERSION_FILE = fileURLToPath(new URL('../VERSION.json', import.meta.url))

/** A version whose files do not change any more. */
export interface FrozenDftVersion {
  readonly version: number
  /** The day on which it was frozen, ISO 8601. */
  readonly date: string
  /** Checksum of the data set, which every result about it names. */
  readonly sha256: string
  readonly geometries: number
  readonly molecules: number
  readonly constitutions: number
  readonly pairs: number
  /** SHA-256 of every file in `data`, by name. */
  readonly files: Readonly<Record<string, string>>
}

/** Which version of the embedded data set the files are. */
export interface DftVersion {
  /** The version that they are, or that they become while the set grows. */
  readonly version: number
  /** Whether they are that version; if not, the set is growing. */
  readonly frozen: boolean
  /** All frozen versions, oldest first. */
  readonly versions: readonly FrozenDftVersion[]
}

/**
 * Reads VERSION.json.
 * @throws DataError if it is damaged.
 */
export async function readDftVersion(path: string = DFT_VERSION_FILE): Promise<DftVersion> {
  const text = new TextDecoder().decode(await readBytes(path))
  const damaged = (what: string): DataError =>
    new DataError(`${path}: ${what}. Take the file of the last commit.`)
  let value: Partial<DftVersion>
  try {
    value = JSON.parse(text) as Partial<DftVersion>
  } catch {
    throw damaged('it is not JSON')
  }
  const { version, frozen, versions } = value
  if (typeof version !== 'number' || typeof frozen !== 'boolean' || !Array.isArray(versions)) {
    throw damaged('it lacks version, frozen or versions')
  }
  const numbers = versions.map((one) => (one as Partial<FrozenDftVersion>).version)
  const wanted = Array.from({ length: frozen ? version : version - 1 }, (_, index) => index + 1)
  if (numbers.join() !== wanted.join()) {
    throw damaged(
      `it has the frozen versions ${numbers.join(', ') || 'none'}, not 1 to ${wanted.length}`,
    )
  }
  return { version, frozen, versions }
}
