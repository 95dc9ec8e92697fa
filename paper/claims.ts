import type { Claim } from './src/Verdict.ts'

/** What the paper claims, each as a test of the results. */
export const CLAIMS: Readonly<Record<string, Claim>> = {
  'results-couplet-dft': ({ results }) =>
    results.has('couplet-dft')
      ? { verdict: 'holds', because: 'there are results' }
      : { verdict: 'open', because: 'there are no results' },
}
