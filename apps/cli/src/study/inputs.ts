import { readFile } from 'node:fs/promises'
import { relative, sep } from 'node:path'
import { createHash } from 'node:crypto'

/** A committed file that a study is computed from. */
export interface InputFile {
  /** Path below the folder of results, with `/` between its parts. */
  readonly path: string
  /** Digest of its bytes. */
  readonly sha256: string
}

/** A file below the folder of results as a study's input: where it is and what it holds now. */
export async function inputOf(results: string, path: string): Promise<InputFile> {
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
  return { path: relative(results, path).split(sep).join('/'), sha256 }
}
