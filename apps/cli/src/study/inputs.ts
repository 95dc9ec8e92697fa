import { readFile } from 'node:fs/promises'
import { relative, sep } from 'node:path'
import { sha256 } from '@couplet/data/node'
import { formatResult, parseResult } from '@couplet/eval'

/** A committed file that a study is computed from. */
export interface InputFile {
  /** Path below the folder of results, with `/` between its parts. */
  readonly path: string
  /** Digest of its bytes; of a result's without the errors of groups, which may be added to what was published before. */
  readonly sha256: string
}

/** A file below the folder of results as a study's input: where it is and what it holds now. */
export async function inputOf(results: string, path: string): Promise<InputFile> {
  const digest = sha256(await withoutGroups(path))
  return { path: relative(results, path).split(sep).join('/'), sha256: digest }
}

/** The bytes of a file; of a result that holds errors of groups, those it would have without them. */
async function withoutGroups(path: string): Promise<Uint8Array | string> {
  const bytes = await readFile(path)
  if (!path.endsWith('.json') || !bytes.includes('"groups":')) return bytes
  const { groups: _, ...rest } = parseResult(bytes.toString(), path)
  return formatResult(rest, path)
}
