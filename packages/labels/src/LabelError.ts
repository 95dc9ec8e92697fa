/** Something that the labelling cannot go on with; says where, what, and what to do. */
export class LabelError extends Error {
  /** @param message where, what, and what to do. */
  constructor(message: string) {
    super(`[@couplet/labels] ${message}`)
    this.name = 'LabelError'
  }
}
