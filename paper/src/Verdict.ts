import type { Evidence } from './Evidence.ts'

/** What the results say about a claim. */
export interface Verdict {
  /** `open`: the results do not decide it, or those that would are not there yet. */
  readonly verdict: 'holds' | 'fails' | 'open'
  /** The numbers behind it, in words. */
  readonly because: string
}

/** A claim of the paper as a test of the results. */
export type Claim = (evidence: Evidence) => Verdict
