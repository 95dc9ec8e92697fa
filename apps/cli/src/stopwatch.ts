/** Time that something took. */
export interface Spent {
  /** Wall time in seconds. */
  readonly seconds: number
  /** Processor time of all threads of this process in seconds: waiting for a core does not count, sharing caches with other work does. */
  readonly coreSeconds: number
}

/** Starts now. @returns tells the time since then, on top of what was spent before. */
export function stopwatch(before: Spent = { seconds: 0, coreSeconds: 0 }): () => Spent {
  const started = performance.now()
  const used = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(used)
    return {
      seconds: before.seconds + (performance.now() - started) / 1000,
      coreSeconds: before.coreSeconds + (user + system) / 1e6,
    }
  }
}
