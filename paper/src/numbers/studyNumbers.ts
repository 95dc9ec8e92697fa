import {
  sortedSwaps,
  type EnsemblesStudy,
  type ErrorsStudy,
  type RanksStudy,
  type SizesStudy,
  type SwapsStudy,
  type TransferStudy,
} from '@couplet/eval'
import { bestFitted, crossFitted, singleWeights } from '../bestFitted.ts'
import { isNetwork } from '../entryKinds.ts'
import { gainsOfTime } from '../gainsOfTime.ts'
import { mostApart } from '../mostApart.ts'
import { sizeSpreads } from '../sizeSpreads.ts'
import { studiesOf, studiesOfSample, type Evidence } from '../Evidence.ts'
import type { Add } from './collectNumbers.ts'
import { ordinal, rankText, score, scoreInterval, whole } from './format.ts'

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
  if (errors) addErrors(errors, ensembles, add)
  const sample = studiesOfSample(evidence)
  const addOfSample: Add = (key, value) => add(`sample.${key}`, value)
  if (sample.ranks) addRanks(sample.ranks, addOfSample)
  if (sample.ensembles) addEnsembles(sample.ensembles, addOfSample)
  if (sample.errors) addErrors(sample.errors, sample.ensembles, addOfSample)
  if (sizes) addSizes(sizes, add)
  if (swaps) addSwaps(swaps, add)
  if (transfer) addTransfer(transfer, add)
  if (cost) add('cost.labels.mean', whole(cost.labels.meanSeconds))
}

function addRanks(study: RanksStudy, add: Add): void {
  const { criticalValue, differences, entries, seedDeviation } = study
  add('ranks.critical', criticalValue.toFixed(2))
  add('ranks.pairs', differences.length)
  add('ranks.separated', differences.filter(({ separated }) => separated).length)
  add('ranks.seeded', entries.filter(({ seeds }) => seeds.length > 1).length)
  if (seedDeviation !== null) add('ranks.seed-deviation', seedDeviation.toFixed(3))
  for (const { entry, rank } of entries) add(`ranks.${entry}.rank`, rankText(rank))
}

function addEnsembles(study: EnsemblesStudy, add: Add): void {
  const best = bestFitted(study)
  if (!best) return
  add('ensembles.best.score', score(best.score.value))
  add('ensembles.fitted', crossFitted(study).length)
  add('ensembles.best.gain', score(best.gain.value))
  add('ensembles.best.gain-factor', Math.exp(best.gain.value).toFixed(2))
  add('ensembles.best.gain-interval', scoreInterval(best.gain))
  const mean = study.ensembles.find(({ combination }) => combination === 'mean')
  if (mean) add('ensembles.mean.score', score(mean.score.value))
}

function addErrors(study: ErrorsStudy, ensembles: EnsemblesStudy | undefined, add: Add): void {
  add('errors.slices', study.slices.length)
  const apart = mostApart(study)
  if (!apart) return
  add('errors.apart.entry', apart.entry)
  add('errors.apart.correlation', apart.correlation.toFixed(2))
  add('errors.apart.of-others', apart.ofOthers.toFixed(2))
  const weights = ensembles ? singleWeights(ensembles) : []
  const place = weights.findIndex(({ entry }) => entry === apart.entry)
  if (place === -1) return
  add('errors.apart.weight', weights[place]!.weight.toFixed(2))
  add('errors.apart.place', place === 0 ? 'largest' : `${ordinal(place + 1)} largest`)
}

function addSizes(study: SizesStudy, add: Add): void {
  if (study.budget !== null) add('sizes.budget', study.budget)
  const gains = gainsOfTime(study)
  if (gains.length > 0) {
    add('sizes.time.least', score(Math.min(...gains)))
    add('sizes.time.most', score(Math.max(...gains)))
  }
  const spreads = sizeSpreads(study)
  if (spreads.length > 1) {
    add('sizes.spread.smallest', score(spreads[0]!))
    add('sizes.spread.largest', score(spreads.at(-1)!))
  }
  const fitted = study.entries.flatMap(({ entry, fit }) =>
    fit && isNetwork(entry) ? [{ entry, slope: fit.slope }] : [],
  )
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
  add('swaps.aboveAtOnce', study.swaps.filter(({ atOnce }) => atOnce.low > 0).length)
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
