import { COUPLING_TYPES, FOLDS } from '@couplet/data'
import {
  commonBudget,
  formatCount,
  formatHertz,
  type Result,
  trainedElsewhere,
  trainingCoreSeconds,
} from '@couplet/eval'
import { compareEntries, resultOf, tiedWithBest, type Evidence } from '../Evidence.ts'
import { kendall, scoredOnBoth, separatedOnBoth } from '../orderOfEntries.ts'
import type { Add } from './collectNumbers.ts'
import { networksOf, READS_COORDINATES, SECOND_STAGE } from '../entryKinds.ts'
import { percent, score, scoreInterval, whole } from './format.ts'

/** Pairs of entries whose difference the text states: name, first and second. */
const PAIRS = [
  ['karplus-median', 'karplus', 'median'],
  ['mpnn-karplus', 'mpnn', 'karplus'],
  ['schnet-mpnn', 'edge-update-schnet', 'mpnn'],
  ['first-second', 'edge-update-schnet', SECOND_STAGE],
] as const

/** Numbers of the results of each data set. */
export function addResultNumbers(evidence: Evidence, add: Add): void {
  for (const [dataset, results] of evidence.results) {
    addSizes(dataset, results, add)
    const median = resultOf(evidence, dataset, 'median')
    addResult(`${dataset}.best`, results[0]!, median, add)
    add(`${dataset}.best.tied`, tiedWithBest(evidence, dataset).join(', '))
    for (const result of results) addResult(`${dataset}.${result.entry.id}`, result, median, add)
    addNetworks(evidence, dataset, results, add)
    addPairs(evidence, dataset, add)
  }
  add('both.entries', scoredOnBoth(evidence).length)
  add('both.kendall', kendall(scoredOnBoth(evidence)).toFixed(2))
  const { count, reversed } = separatedOnBoth(evidence)
  add('both.separated', count)
  add('both.reversed', reversed.length)
}

function addSizes(dataset: string, results: readonly Result[], add: Add): void {
  const { counts, interval } = results[0]!
  add(`${dataset}.entries`, results.length)
  add(`${dataset}.molecules`, whole(counts.test.molecules))
  if (counts.test.constitutions !== undefined) {
    add(`${dataset}.constitutions`, whole(counts.test.constitutions))
  }
  add(`${dataset}.pairs`, whole(counts.test.pairs))
  add(`${dataset}.train.molecules`, whole(counts.train.molecules))
  add(`${dataset}.resamples`, whole(interval.resamples))
  add(`${dataset}.level`, `${100 * interval.level} %`)
  const seconds = results.map(trainingCoreSeconds)
  add(`${dataset}.seconds-least`, whole(Math.max(1, Math.min(...seconds))))
  add(`${dataset}.seconds-most`, whole(Math.max(...seconds)))
}

function addResult(key: string, result: Result, median: Result | undefined, add: Add): void {
  add(`${key}.name`, result.entry.id)
  add(`${key}.score`, score(result.score))
  add(`${key}.interval`, scoreInterval(result.interval))
  add(`${key}.geometric`, formatHertz(Math.exp(result.score)))
  add(`${key}.parameters`, formatCount(result.parameters))
  for (const epochs of epochsOf(result)) add(`${key}.epochs`, epochs)
  for (const [type, { mae }] of result.types.entries()) {
    if (mae === null) continue
    add(`${key}.${COUPLING_TYPES[type]}`, formatHertz(mae))
    const least = median?.types[type]?.mae
    if (least) add(`${key}.${COUPLING_TYPES[type]}.share`, percent(mae / least))
  }
}

function addNetworks(
  evidence: Evidence,
  dataset: string,
  results: readonly Result[],
  add: Add,
): void {
  const networks = networksOf(results)
  if (networks.length === 0) return
  const parameters = networks.map((result) => result.parameters)
  add(`${dataset}.networks`, networks.length)
  add(`${dataset}.networks.parameters-least`, formatCount(Math.min(...parameters)))
  add(`${dataset}.networks.parameters-most`, formatCount(Math.max(...parameters)))
  const better = networks.filter(({ entry }) => {
    const compared = compareEntries(evidence, dataset, entry.id, 'karplus')
    return compared !== undefined && compared.high < 0
  })
  add(`${dataset}.networks.better-than-karplus`, better.length)
  const readers = networks.filter(({ entry }) => READS_COORDINATES.includes(entry.id))
  const others = networks.filter(({ entry }) => !READS_COORDINATES.includes(entry.id))
  if (readers[0]) add(`${dataset}.coordinates.score`, score(readers[0].score))
  if (others[0]) add(`${dataset}.invariant.score`, score(others[0].score))
  const budget = commonBudget(networks)
  if (budget !== undefined) add(`${dataset}.budget`, budget)
  const elsewhere = trainedElsewhere(networks)
  addSpan(
    `${dataset}.networks`,
    networks.filter((result) => !elsewhere.includes(result)),
    add,
  )
  if (elsewhere.length > 0) {
    addSpan(`${dataset}.elsewhere`, elsewhere, add)
    add(`${dataset}.elsewhere.names`, elsewhere.map(({ entry }) => entry.id).join(', '))
  }
  const epochs = networks.flatMap(epochsOf)
  add(`${dataset}.networks.epochs-least`, Math.min(...epochs))
  add(`${dataset}.networks.epochs-most`, Math.max(...epochs))
  const contributions = networks.filter(({ config }) => config['recipe/train/loss/contributions'])
  add(`${dataset}.networks.contributions`, contributions.length)
}

/** Least and most core-seconds of one training. */
function addSpan(key: string, networks: readonly Result[], add: Add): void {
  const seconds = networks.map((result) => trainingCoreSeconds(result) / FOLDS)
  add(`${key}.fold-least`, whole(Math.min(...seconds)))
  add(`${key}.fold-most`, whole(Math.max(...seconds)))
}

/** Epochs of each training of a network; none for what is fitted. */
function epochsOf({ config }: Result): number[] {
  const epochs = config['recipe/train/epochs']
  return typeof epochs === 'number' ? [epochs] : []
}

function addPairs(evidence: Evidence, dataset: string, add: Add): void {
  for (const [name, a, b] of PAIRS) {
    const compared = compareEntries(evidence, dataset, a, b)
    if (!compared) continue
    add(`${dataset}.${name}.difference`, score(Math.abs(compared.difference)))
    const { low, high } = compared
    const turned = compared.difference < 0 ? { low: -high, high: -low } : { low, high }
    add(`${dataset}.${name}.interval`, scoreInterval(turned))
    add(`${dataset}.${name}.factor`, Math.exp(Math.abs(compared.difference)).toFixed(2))
  }
}
