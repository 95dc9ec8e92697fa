import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { EvalError } from './EvalError.ts'

/**
 * Writes a file so that readers find either the old or the new one, never a part: a temporary file beside it, then a
 * rename. Missing folders are made.
 *
 * @param pieces the text, taken piece by piece; if taking one fails, nothing is left behind.
 * @throws EvalError when the file cannot be written.
 */
export function writeAtomically(path: string, pieces: Iterable<string>): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`)
  try {
    mkdirSync(dirname(path), { recursive: true })
    const file = openSync(temporary, 'wx')
    try {
      for (const piece of pieces) writeWhole(file, Buffer.from(piece))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    removeQuietly(temporary)
    if (error instanceof EvalError) throw error
    throw new EvalError(
      `${path} cannot be written (${(error as Error).message}). Check the folder's rights and free space.`,
    )
  }
}

/** Removes what may not exist; the error that led here matters more than one of removing. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Its folder is not one: there is nothing to remove.
  }
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done)
}
