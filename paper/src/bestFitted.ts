import type { EnsemblesStudy } from '@couplet/eval'

/** The ensemble with fitted weights that scores best on pairs that took no part in fitting them. */
export function bestFitted({
  ensembles,
}: EnsemblesStudy): EnsemblesStudy['ensembles'][number] | undefined {
  return ensembles
    .filter(({ protocol }) => protocol === 'cross-fitted')
    .toSorted((a, b) => a.score.value - b.score.value)[0]
}
