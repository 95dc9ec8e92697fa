/** A call that cannot be carried out: says what is wrong with it and what to do. */
export class UsageError extends Error {
  /** @param message what is wrong and what to do. */
  constructor(message: string) {
    super(`[couplet] ${message}`)
    this.name = 'UsageError'
  }
}
