import { writeAtomically } from '@couplet/data/node'
import { readFileSync, statSync } from 'node:fs'
import { EvalError } from './EvalError.ts'
import { formatResult, parseResult } from './Result.ts'
import type { Result } from './resultSchema.ts'

// A thousand molecules take about 150 kB: anything near this size is no result file.
const LARGEST_FILE = 64 * 2 ** 20

/**
 * Reads `paper/results/<dataset>/<entry>.json`.
 *
 * @throws EvalError that names the file, the field and what is wrong with it.
 */
export function readResult(path: string): Result {
  let text: string
  try {
    if (statSync(path).size > LARGEST_FILE) {
      throw new EvalError(`${path} is larger than 64 MiB. Check that it is a result file.`)
    }
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof EvalError) throw error
    throw new EvalError(
      `${path} cannot be read (${(error as Error).message}). Check the path, or score the entry first.`,
    )
  }
  return parseResult(text, path)
}

/**
 * Writes a result file: checked against the schema, rounded and ordered as `formatResult` says, all or nothing.
 *
 * @throws EvalError when the result does not follow the schema, DataError when the file cannot be written.
 */
export async function writeResult(path: string, result: Result): Promise<void> {
  await writeAtomically(path, [formatResult(result, path)])
}
