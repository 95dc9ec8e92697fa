import { DataError } from './DataError.ts'

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
const COMMA = 0x2c
const QUOTE = 0x22

/** What to do about line ends. */
const LINE_ENDS_ADVICE = 'Save the file with the same line end (LF or CRLF) on every line.'

/**
 * The error for a line that does not have the fields of the header: quotes, an empty line, a wrong number of fields, another
 * line end than the first line. Undefined if the line is sound, so that something else must be wrong with it.
 *
 * @param bytes the file
 * @param position any position in the line
 * @param fields number of fields of the header
 * @param where file and line
 * @param carriageReturns whether the header ends in CRLF
 */
export function csvLineError(
  bytes: Uint8Array,
  position: number,
  fields: number,
  where: string,
  carriageReturns: boolean,
): DataError | undefined {
  const start = bytes.lastIndexOf(NEWLINE, position - 1) + 1
  const end = bytes.indexOf(NEWLINE, position)
  const line = bytes.subarray(start, end)
  if (line.includes(QUOTE)) {
    return new DataError(
      `${where} has a quotation mark. Save the file without quotes: its values need none.`,
    )
  }
  const inside = line.indexOf(CARRIAGE_RETURN)
  if (inside >= 0 && inside < line.length - 1) {
    return new DataError(`${where} has a carriage return inside. ${LINE_ENDS_ADVICE}`)
  }
  if (line.length === 0 || inside === 0) {
    return new DataError(`${where} is empty. Remove the line, or download the file again.`)
  }
  const found = line.reduce((count, byte) => (byte === COMMA ? count + 1 : count), 1)
  if (found !== fields) {
    return new DataError(
      `${where} has ${found} fields, but the header has ${fields}. ` +
        'Correct the line; if it is the last one, the file is cut short: download it again.',
    )
  }
  if (inside >= 0 !== carriageReturns) {
    const [here, first] = carriageReturns ? ['LF', 'CRLF'] : ['CRLF', 'LF']
    return new DataError(`${where} ends in ${here}, but line 1 in ${first}. ${LINE_ENDS_ADVICE}`)
  }
  return undefined
}
