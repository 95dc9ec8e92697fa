import { EvalError } from './EvalError.ts'

/** First line of every submission. */
export const SUBMISSION_HEADER = 'id,scalar_coupling_constant'

const ROW = /^(\d{1,15}),([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)$/
// A row is about 20 characters; without an end, a strange file must not pile up in memory.
const LONGEST_LINE = 200

/** Reads a submission piece by piece and stops at the first line that is wrong. */
export class SubmissionChecker {
  private readonly where: string
  private readonly places: Map<number, number>
  private readonly couplings: Float64Array
  private rest = ''
  private line = 0
  private rows = 0

  /**
   * @param expectedIds ids that must occur, each once; an id given twice is an {@link EvalError}.
   * @param where name of the file, for errors.
   */
  constructor(expectedIds: ArrayLike<number>, where: string) {
    this.where = where
    this.places = new Map()
    for (let place = 0; place < expectedIds.length; place++) {
      this.places.set(expectedIds[place]!, place)
    }
    if (this.places.size < expectedIds.length) {
      throw new EvalError('The list of expected ids holds an id twice. Give every pair once.')
    }
    // NaN marks ids not met yet: accepted couplings are finite.
    this.couplings = new Float64Array(expectedIds.length).fill(Number.NaN)
  }

  /** Takes the next piece of the text, cut anywhere. */
  push(piece: string): void {
    const text = this.rest + piece
    let start = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.take(text.slice(start, end))
      start = end + 1
    }
    this.rest = text.slice(start)
    if (this.rest.length > LONGEST_LINE) this.take(this.rest)
  }

  /** Ends the text: every expected id must have come. Returns the couplings in hertz in the order of the expected ids. */
  finish(): Float64Array {
    if (this.rest !== '') this.take(this.rest)
    this.rest = ''
    if (this.line === 0) this.fail(`the file is empty, expected the header ${SUBMISSION_HEADER}`)
    if (this.rows < this.couplings.length) {
      const missing = this.couplings.length - this.rows
      for (const [id, place] of this.places) {
        if (!Number.isNaN(this.couplings[place]!)) continue
        throw new EvalError(
          `${this.where} ends after line ${this.line} without id ${id}` +
            `${missing > 1 ? ` and ${missing - 1} more` : ''}. Give one row for every pair of the test set.`,
        )
      }
    }
    return this.couplings
  }

  private take(rawLine: string): void {
    this.line++
    if (rawLine.length > LONGEST_LINE)
      this.fail(`the line is longer than ${LONGEST_LINE} characters`)
    const line = rawLine.endsWith('\r') ? rawLine.slice(0, -1) : rawLine
    if (this.line === 1) {
      // Spreadsheet programs put a byte order mark before the header.
      if (line.replace(/^\uFEFF/, '') === SUBMISSION_HEADER) return
      this.fail(`the header is ${quoted(line)}, expected ${SUBMISSION_HEADER}`)
    }
    const match = ROW.exec(line)
    if (!match) this.fail(`${quoted(line)} is not an id, a comma and a finite number`)
    const id = Number(match[1])
    const coupling = Number(match[2])
    if (!Number.isFinite(coupling)) this.fail(`the coupling of id ${id} is too large for a number`)
    const place = this.places.get(id)
    if (place === undefined) this.fail(`id ${id} is not in the test set`)
    if (!Number.isNaN(this.couplings[place]!)) this.fail(`id ${id} occurs a second time`)
    this.couplings[place] = coupling
    this.rows++
  }

  private fail(what: string): never {
    throw new EvalError(
      `${this.where} line ${Math.max(this.line, 1)}: ${what}. Write the file with writeSubmission, or mend this line.`,
    )
  }
}

/** A line of a strange file, short and without control characters. */
function quoted(line: string): string {
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line)
}
