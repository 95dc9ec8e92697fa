/** Somebody pressed Ctrl-C; what was done is saved. */
export class Interrupted extends Error {
  /** @param message what was saved and how to go on. */
  constructor(message: string) {
    super(message)
    this.name = 'Interrupted'
  }
}

/**
 * Runs work that stops at the first Ctrl-C or SIGTERM after its current step; a second one ends the process at once.
 * @param work gets a signal that is aborted then.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130)
    console.error('\nStopping after this step; press Ctrl-C again to stop at once.')
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}
