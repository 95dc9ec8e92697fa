import { EvalError } from './EvalError.ts'
import { SUBMISSION_HEADER, SubmissionChecker } from './SubmissionChecker.ts'

// The competition's files give couplings with up to 6 decimals.
const DECIMALS = 1e6
const ROWS_PER_CHUNK = 65_536

/**
 * Text of a submission, `id,scalar_coupling_constant`, one row per pair in the given order, couplings to 6 decimals.
 *
 * @param ids row ids of the pairs, `[pairs]`.
 * @param couplings predicted couplings in hertz, `[pairs]`.
 * @throws EvalError when lengths differ, an id occurs twice or is not a whole number, or a coupling is not finite.
 */
export function formatSubmission(ids: ArrayLike<number>, couplings: ArrayLike<number>): string {
  return [...submissionChunks(ids, couplings)].join('')
}

/** {@link formatSubmission} piece by piece, checked as a whole before the first piece. */
export function* submissionChunks(
  ids: ArrayLike<number>,
  couplings: ArrayLike<number>,
): Generator<string> {
  checkRows(ids, couplings)
  let lines = [SUBMISSION_HEADER]
  for (let row = 0; row < ids.length; row++) {
    lines.push(`${ids[row]!},${Math.round(couplings[row]! * DECIMALS) / DECIMALS}`)
    if (lines.length >= ROWS_PER_CHUNK) {
      yield `${lines.join('\n')}\n`
      lines = []
    }
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`
}

/**
 * Checks a submission as strictly as the competition does: the header, every expected id once, finite numbers, no more.
 *
 * @param text the whole file; `checkSubmissionFile` of `@couplet/eval/node` reads it piece by piece instead.
 * @param expectedIds ids that must occur, in any order.
 * @returns the couplings in hertz, `[pairs]`, in the order of `expectedIds`.
 * @throws EvalError that names the line.
 */
export function checkSubmission(
  text: string,
  expectedIds: ArrayLike<number>,
  where = 'submission',
): Float64Array {
  const checker = new SubmissionChecker(expectedIds, where)
  checker.push(text)
  return checker.finish()
}

function checkRows(ids: ArrayLike<number>, couplings: ArrayLike<number>): void {
  if (ids.length !== couplings.length) {
    throw new EvalError(
      `There are ${couplings.length} couplings for ${ids.length} ids. Give one prediction for every pair.`,
    )
  }
  const seen = new Set<number>()
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row]!
    if (!Number.isSafeInteger(id) || id < 0) {
      throw new EvalError(`Row ${row}: the id is ${id}. Ids are whole numbers from 0.`)
    }
    if (seen.has(id))
      throw new EvalError(`Row ${row}: the id ${id} occurs twice. Give every pair once.`)
    seen.add(id)
    const coupling = couplings[row]!
    // Beyond 1e15 the rounding to 6 decimals overflows; no coupling is near it.
    if (!(Math.abs(coupling) < 1e15)) {
      throw new EvalError(
        `Row ${row} (id ${id}): the coupling is ${coupling}. Every pair needs a finite number in hertz.`,
      )
    }
  }
}
