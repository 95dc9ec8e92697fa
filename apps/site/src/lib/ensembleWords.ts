import type { EnsemblesStudy } from '@couplet/eval'

type Ensemble = EnsemblesStudy['ensembles'][number]

/** How an ensemble puts its entries together, in words. */
export const COMBINATIONS: Readonly<Record<Ensemble['combination'], string>> = {
  single: 'one weight per entry',
  'per-type': 'one weight per entry and type',
  mean: 'equal weights',
  median: 'mean of the middle predictions',
}

/** From what the weights of an ensemble were fitted, in words. */
export const PROTOCOLS: Readonly<Record<Ensemble['protocol'], string>> = {
  'cross-fitted': 'weights from other molecules than those scored',
  'rows-2021': 'weights from half of the rows, as in 2021',
  none: 'nothing fitted',
}

/** How the weights of an ensemble were found, in words. */
export const SEARCHES: Readonly<Record<NonNullable<Ensemble['search']>, string>> = {
  softmax: 'by gradients, as a softmax',
  pairwise: 'by shifting weight between two entries at a time',
}
