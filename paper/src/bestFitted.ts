import type { EnsemblesStudy } from '@couplet/eval'

type Ensemble = EnsemblesStudy['ensembles'][number]

/** The ensembles with weights that were fitted on other pairs than those scored. */
export function crossFitted({ ensembles }: EnsemblesStudy): Ensemble[] {
  return ensembles.filter(({ protocol }) => protocol === 'cross-fitted')
}

/**
 * The ensemble with fitted weights that scores best on pairs that took no part in fitting them.
 * @param combination of the ensembles to choose from; any by default.
 */
export function bestFitted(
  study: EnsemblesStudy,
  combination?: Ensemble['combination'],
): Ensemble | undefined {
  return crossFitted(study)
    .filter((one) => combination === undefined || one.combination === combination)
    .toSorted((a, b) => a.score.value - b.score.value)[0]
}

/** What each entry weighs in the best such ensemble with one weight for each entry, heaviest first. */
export function singleWeights(
  study: EnsemblesStudy,
): { readonly entry: string; readonly weight: number }[] {
  const weights = bestFitted(study, 'single')?.weights?.[0] ?? []
  return weights
    .map((weight, index) => ({ entry: study.entries[index]!, weight }))
    .toSorted((a, b) => b.weight - a.weight)
}
