import type { RunnerName } from './Runner.ts'

/** Whether a backend can be used here, and why or why not. */
export interface Availability extends Finding {
  /** The backend. */
  readonly runner: RunnerName
  /** True where `auto` may take it; the others run only where they are asked for by name. */
  readonly automatic: boolean
}

/** What looking for one backend told. */
export interface Finding {
  /** True where it can run. */
  readonly available: boolean
  /** In words for people. */
  readonly reason: string
}
