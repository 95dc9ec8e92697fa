import { readFile } from 'node:fs/promises'
import { relative, sep } from 'node:path'
import { sha256 } from '@couplet/data/node'

/** A committed file that a study is computed from. */
export interface InputFile {
  /** Path below the folder of results, with `/` between its parts. */
  readonly path: string
  /** Digest of its bytes. */
  readonly sha256: string
}

/** A file below the folder of results as a study's input: where it is and what it holds now. */
export async function inputOf(results: string, path: string): Promise<InputFile> {
  const digest = sha256(await readFile(path))
  return { path: relative(results, path).split(sep).join('/'), sha256: digest }
}
