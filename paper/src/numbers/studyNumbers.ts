import {
  sortedSwaps,
  type EnsemblesStudy,
  type ErrorsStudy,
  type RanksStudy,
  type SizesStudy,
  type SwapsStudy,
  type TransferStudy,
} from '@couplet/eval'
import { bestFitted } from '../bestFitted.ts'
import { studiesOf, studiesOfSample, type Evidence } from '../Evidence.ts'
import type { Add } from './collectNumbers.ts'
import { score, scoreInterval, whole } from './format.ts'

/** Numbers of the studies; those that were not run have none. */
export function addStudyNumbers(evidence: Evidence, add: Add): void {
  const { history } = evidence
  if (history) {
    add('history.training-molecules', whole(history.about.trainingMolecules))
    add('history.teams', whole(history.about.teams))
  }
  const { ranks, ensembles, errors, sizes, swaps, transfer, cost } = studiesOf(evidence)
  for (const study of [ranks, ensembles, errors, sizes, swaps, transfer, cost]) {
    if (study) add(`${study.study}.molecules`, whole(study.counts.molecules))
  }
  if (ranks) addRanks(ranks, add)
  if (ensembles) addEnsembles(ensembles, add)
  if (errors) addErrors(errors, add)
  const sample = studiesOfSample(evidence)
  const addOfSample: Add = (key, value) => add(`sample.${key}`, value)
  if (sample.ranks) addRanks(sample.ranks, addOfSample)
  if (sample.ensembles) addEnsembles(sample.ensembles, addOfSample)
  if (sample.errors) addErrors(sample.errors, addOfSample)
  if (sizes) addSizes(sizes, add)
  if (swaps) addSwaps(swaps, add)
  if (transfer) addTransfer(transfer, add)
  if (cost) add('cost.labels.mean', whole(cost.labels.meanSeconds))
}

function addRanks({ differences }: RanksStudy, add: Add): void {
  add('ranks.pairs', differences.length)
  add('ranks.separated', differences.filter(({ separated }) => separated).length)
}

function addEnsembles(study: EnsemblesStudy, add: Add): void {
  const best = bestFitted(study)
  if (!best) return
  add('ensembles.best.score', score(best.score.value))
  add('ensembles.best.gain', score(best.gain.value))
  add('ensembles.best.gain-interval', scoreInterval(best.gain))
}

function addErrors({ entries, correlation, map }: ErrorsStudy, add: Add): void {
  add('errors.map-share', whole(100 * map.share))
  const pairs = entries.flatMap((first, row) =>
    entries.slice(row + 1).map((second, offset) => {
      return { first, second, value: correlation[row]![row + 1 + offset]! }
    }),
  )
  const sorted = pairs.toSorted((a, b) => a.value - b.value)
  for (const [name, pair] of [
    ['least', sorted[0]],
    ['most', sorted.at(-1)],
  ] as const) {
    if (!pair) continue
    add(`errors.${name}.first`, pair.first)
    add(`errors.${name}.second`, pair.second)
    add(`errors.${name}.correlation`, pair.value.toFixed(2))
  }
}

function addSizes({ entries }: SizesStudy, add: Add): void {
  const fitted = entries.flatMap(({ entry, fit }) => (fit ? [{ entry, slope: fit.slope }] : []))
  const sorted = fitted.toSorted((a, b) => a.slope - b.slope)
  for (const [name, one] of [
    ['steepest', sorted[0]],
    ['flattest', sorted.at(-1)],
  ] as const) {
    if (!one) continue
    add(`sizes.${name}.entry`, one.entry)
    add(`sizes.${name}.slope`, score(one.slope))
  }
}

function addSwaps(study: SwapsStudy, add: Add): void {
  addVerdicts('swaps', study.swaps, add)
  const [most] = sortedSwaps(study)
  if (!most) return
  add('swaps.most.component', most.component)
  add('swaps.most.entry', most.entry)
  add('swaps.most.difference', score(most.difference.value))
  add('swaps.most.interval', scoreInterval(most.difference))
}

function addTransfer({ entries, pretraining }: TransferStudy, add: Add): void {
  add('transfer.pretraining', whole(pretraining.molecules))
  add('transfer.dropped', whole(pretraining.dropped.molecules))
  addVerdicts('transfer', entries, add)
}

/** How many differences lie above zero by their intervals, below it, and neither. */
function addVerdicts(
  study: string,
  rows: readonly { readonly difference: { readonly low: number; readonly high: number } }[],
  add: Add,
): void {
  const above = rows.filter(({ difference }) => difference.low > 0).length
  const below = rows.filter(({ difference }) => difference.high < 0).length
  add(`${study}.count`, rows.length)
  add(`${study}.above`, above)
  add(`${study}.below`, below)
  add(`${study}.open`, rows.length - above - below)
}
