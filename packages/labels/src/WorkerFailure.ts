/** Why a step of one molecule failed, in a few words for a table of failures. */
export class WorkerFailure extends Error {
  /** Whether the molecule can be blamed; if not (stopped by the user), no record is written. */
  readonly final: boolean

  /** @param reason a few words, such as `time limit of 600 s`. */
  constructor(reason: string, final = true) {
    super(reason)
    this.name = 'WorkerFailure'
    this.final = final
  }
}
