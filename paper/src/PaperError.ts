/** A paper that must not be built as it stands: says where, what is wrong and what to do. */
export class PaperError extends Error {
  /** @param message where, what is wrong and what to do. */
  constructor(message: string) {
    super(`[@couplet/paper] ${message}`)
    this.name = 'PaperError'
  }
}
