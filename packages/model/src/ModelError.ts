/** A problem with a model, its training or its checkpoint that a person can mend: says where, what is wrong and what to do. */
export class ModelError extends Error {
  /** @param message where + what + what to do, without the package name. */
  constructor(message: string) {
    super(`[@couplet/model] ${message}`)
    this.name = 'ModelError'
  }
}
