/** A problem with predictions, results or submissions that a person can mend: says where, what is wrong and what to do. */
export class EvalError extends Error {
  /** @param message where + what + what to do, without the package name. */
  constructor(message: string) {
    super(`[@couplet/eval] ${message}`)
    this.name = 'EvalError'
  }
}
