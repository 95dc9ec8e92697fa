import { writeAtomically } from '@couplet/data/node'
import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { EvalError } from './EvalError.ts'
import { SubmissionChecker } from './SubmissionChecker.ts'
import { submissionChunks } from './submission.ts'

/**
 * Writes a submission, all or nothing; see `formatSubmission`.
 *
 * @param ids row ids of the pairs, `[pairs]`.
 * @param couplings predicted couplings in hertz, `[pairs]`.
 * @throws EvalError on bad rows, DataError when the file cannot be written.
 */
export function writeSubmission(
  path: string,
  ids: ArrayLike<number>,
  couplings: ArrayLike<number>,
): Promise<void> {
  return writeAtomically(path, submissionChunks(ids, couplings))
}

/**
 * Checks a submission file without holding its text in memory; see `checkSubmission`.
 *
 * @returns the couplings in hertz, `[pairs]`, in the order of `expectedIds`.
 * @throws EvalError that names file and line.
 */
export function checkSubmissionFile(path: string, expectedIds: ArrayLike<number>): Float64Array {
  const checker = new SubmissionChecker(expectedIds, path)
  const buffer = Buffer.alloc(2 ** 20)
  const decoder = new StringDecoder('utf8')
  try {
    const file = openSync(path, 'r')
    try {
      for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer)) {
        checker.push(decoder.write(buffer.subarray(0, length)))
      }
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (error instanceof EvalError) throw error
    throw new EvalError(`${path} cannot be read (${(error as Error).message}). Check the path.`)
  }
  return checker.finish()
}
