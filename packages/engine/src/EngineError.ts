/** A problem with a network, a graph or a runner that a person can mend: says where, what is wrong and what to do. */
export class EngineError extends Error {
  /** @param message where + what + what to do, without the package name. */
  constructor(message: string) {
    super(`[@couplet/engine] ${message}`)
    this.name = 'EngineError'
  }
}
