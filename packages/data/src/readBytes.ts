import { readdir, readFile, stat } from 'node:fs/promises'
import { DataError } from './DataError.ts'

/** A file of more bytes cannot be read into one buffer. */
const MOST_BYTES = 2 ** 31 - 1

/** Reads a whole file. Throws a {@link DataError} if it is missing, a folder, unreadable or beyond 2 GiB. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    // Asked before opening, since opening a pipe waits for its writer.
    const status = await stat(path)
    if (!status.isFile()) {
      throw new DataError(
        `${path} is not a file. Give the path of a file, not of a folder or device.`,
      )
    }
    if (status.size > MOST_BYTES) {
      throw new DataError(`${path} is larger than 2 GiB. Split it into smaller files.`)
    }
    return await readFile(path)
  } catch (error) {
    throw asDataError(error, path)
  }
}

/** The names in a folder, sorted. Throws a {@link DataError} if it is missing, no folder or unreadable. */
export async function readFolder(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).toSorted()
  } catch (error) {
    throw asDataError(error, path)
  }
}

/** What to do about the usual failures of the file system. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist. Check the path.',
  ENOTDIR: 'is not a folder. Give the path of a folder.',
  EISDIR: 'is a folder. Give the path of a file.',
  EACCES: 'may not be opened. Ask for the permission, or copy it elsewhere.',
  EPERM: 'may not be opened. Ask for the permission, or copy it elsewhere.',
  ENOSPC: 'cannot be written: the disk is full. Free some space.',
  EDQUOT: 'cannot be written: your quota of the disk is used up. Free some space.',
  EFBIG: 'cannot be written: it would be larger than this disk or `ulimit -f` allows.',
  EIO: 'cannot be used: the disk reports an error. Check the disk.',
  EROFS: 'cannot be written: the disk is read-only. Choose another place.',
  EEXIST: 'exists, but is not a folder. Choose another place.',
}

/** An error of the file system as a {@link DataError} that says what to do about it; other errors as they are. */
export function asDataError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  const code = String(error.code)
  return new DataError(
    `${path} ${ADVICE[code] ?? `cannot be used (${code}). Check the path and the disk.`}`,
  )
}
