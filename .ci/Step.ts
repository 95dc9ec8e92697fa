/** What came out of a step. */
export interface Outcome {
  /** Skipped: it could not be done here, for the reason in `note`. */
  readonly status: 'passed' | 'failed' | 'skipped'
  /** A few words beside the status. */
  readonly note?: string
  /** What the tool printed; shown where the step failed. */
  readonly output?: string
  /** Tests that ran in the step; without them the step itself counts as one. */
  readonly tests?: Counts
}

/** Numbers of tests, or of steps. */
export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** One named part of the verification. */
export interface Step {
  /** One word. */
  readonly name: string
  /** What must hold. */
  readonly about: string
  readonly run: () => Promise<Outcome>
  /** Whether it runs only where it is named, because it takes long. */
  readonly onlyNamed?: boolean
}

/** How an outcome enters the total: by its tests, or as one. A failed step never counts as nothing. */
export function countsOf({ status, tests }: Outcome): Counts {
  if (tests && (status !== 'failed' || tests.failed > 0)) return tests
  return {
    passed: (tests?.passed ?? 0) + (status === 'passed' ? 1 : 0),
    failed: status === 'failed' ? 1 : 0,
    skipped: (tests?.skipped ?? 0) + (status === 'skipped' ? 1 : 0),
  }
}

/** The last line: `12 passed, 0 failed`, with `, 3 skipped` where something was. */
export function formatTotal(outcomes: readonly Outcome[]): string {
  const sum = (key: keyof Counts): number =>
    outcomes.reduce((total, outcome) => total + countsOf(outcome)[key], 0)
  const skipped = sum('skipped')
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
