import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { asDataError } from './readBytes.ts'

/**
 * Writes a file so that it is either whole or not there: into a temporary file beside it, then renamed. Makes the folder.
 *
 * @param parts what the file holds, taken one after the other; if taking one fails, nothing is left behind.
 * @throws DataError if it cannot be written; the temporary file is removed then.
 */
export async function writeAtomically(
  path: string,
  parts: Iterable<string | Uint8Array>,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    // Absolute, because Node never ends making a relative folder where the working folder itself has been deleted.
    await mkdir(dirname(resolve(path)), { recursive: true })
    // `wx` never follows or overwrites what somebody put there.
    const file = await open(temporary, 'wx')
    try {
      for (const part of parts) await file.writeFile(part)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw asDataError(error, path)
  }
}
