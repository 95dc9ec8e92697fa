/** Something that was checked does not hold: exit code 1, and the message is all there is to say. */
export class CheckFailed extends Error {
  /** @param message what does not hold. */
  constructor(message: string) {
    super(message)
    this.name = 'CheckFailed'
  }
}
