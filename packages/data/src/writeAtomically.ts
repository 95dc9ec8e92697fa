import { randomUUID } from 'node:crypto'
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { DataError } from './DataError.ts'
import { asDataError } from './readBytes.ts'

/**
 * Writes a file so that it is either whole or not there: into a temporary file beside it, then renamed. Makes the folder. A link
 * stays, and the file that it points to is replaced.
 *
 * @param parts what the file holds, taken one after the other; if taking one fails, nothing is left behind.
 * @throws DataError if it cannot be written, or a device or pipe stands there; the temporary file is removed then.
 */
export async function writeAtomically(
  path: string,
  parts: Iterable<string | Uint8Array>,
): Promise<void> {
  const target = await realpath(path).catch(() => path)
  const temporary = `${target}.${randomUUID()}.tmp`
  try {
    const there = await stat(target).catch(() => undefined)
    if (there && !there.isFile() && !there.isDirectory()) {
      throw new DataError(`${path} is a device or a pipe. Give the path of a file.`)
    }
    await makeFolder(dirname(resolve(target)))
    // `wx` never follows or overwrites what somebody put there.
    const file = await open(temporary, 'wx')
    try {
      for (const part of parts) await file.writeFile(part)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw asDataError(error, path)
  }
}

/** One level after the other, because Node's own never ends where the system refuses a folder by saying that it does not exist, as below /proc. */
async function makeFolder(folder: string): Promise<void> {
  const there = await stat(folder).catch(() => undefined)
  if (there?.isDirectory()) return
  if (there) throw Object.assign(new Error(`${folder} is no folder`), { code: 'EEXIST' })
  // A drive that is not there has no folder above it.
  if (dirname(folder) !== folder) await makeFolder(dirname(folder))
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}
