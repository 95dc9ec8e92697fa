/** Somebody pressed Ctrl-C; what was done is saved. */
export class Interrupted extends Error {
  /** @param message what was saved and how to go on. */
  constructor(message: string) {
    super(message)
    this.name = 'Interrupted'
  }
}

/** How work learns of Ctrl-C, and what it leaves behind. */
export interface Interruption {
  /** Aborted at the first Ctrl-C. */
  readonly signal: AbortSignal
  /** Tells what is kept if the process ends now, for the message of a second Ctrl-C. */
  readonly onKept: (kept: string) => void
}

/**
 * Runs work that stops at the first Ctrl-C or SIGTERM after its current step; a second one ends the process at once, by that
 * signal: `process.exit` would wait for worker threads inside ONNX Runtime, for as long as their step takes, and abort.
 */
export async function interruptible<T>(
  work: (interruption: Interruption) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  let kept = 'Files that were written before are whole.'
  const detach = (): void => {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      console.error(`\nStopped at once. ${kept}`)
      detach()
      process.kill(process.pid, signal)
      return
    }
    console.error('\nStopping after this step; press Ctrl-C again to stop at once.')
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    return await work({ signal: controller.signal, onKept: (text) => (kept = text) })
  } finally {
    detach()
  }
}
