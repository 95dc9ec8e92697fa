/** A problem with molecules or their files that a person can mend: says where, what is wrong and what to do. */
export class DataError extends Error {
  /** @param message where + what + what to do, without the package name. */
  constructor(message: string) {
    super(`[@couplet/data] ${message}`)
    this.name = 'DataError'
  }
}
