import {
  commonBudget,
  DATASET_STUDIES,
  sortedSwaps,
  type EnsemblesStudy,
  type Result,
} from '@couplet/eval'
import { BASELINES, READS_COORDINATES } from './src/entryKinds.ts'
import {
  compareEntries,
  ON_BOTH,
  resultOf,
  studiesOf,
  studiesOfSample,
  type Evidence,
} from './src/Evidence.ts'
import { missingParts } from './src/missingParts.ts'
import { bestFitted } from './src/bestFitted.ts'
import { kendall, scoredOnBoth } from './src/orderOfEntries.ts'
import type { Claim, Verdict } from './src/Verdict.ts'

const DFT = 'couplet-dft'

/** What the paper claims, and what its text hangs on, each as a test of the evidence. */
export const CLAIMS: Readonly<Record<string, Claim>> = {
  complete: (evidence) => holdsIf(missingParts(evidence).length === 0, 'everything has been run'),
  'results-couplet-dft': ({ results }) => holdsIf(results.has(DFT), `there are results on ${DFT}`),
  'results-current': ({ results, dft }) =>
    holdsIf(
      (results.get(DFT) ?? []).every(({ dataset }) => dataset.sha256 === dft.sha256),
      'the results are about the data set as it is',
    ),

  'labels-suffice': ({ results, facts }) => {
    const best = results.get(DFT)?.[0]?.score
    if (best === undefined) return { verdict: 'open', because: 'nothing is scored' }
    const labels = Number(facts['labels.score']?.value.replace('−', '-'))
    return holdsIf(best > labels + 1, `the labels score ${labels}, the best entry ${best}`)
  },
  'karplus-beats-median': better('karplus', 'median'),
  'mpnn-beats-karplus': better('mpnn', 'karplus'),
  'schnet-beats-mpnn': better('edge-update-schnet', 'mpnn'),
  'best-beats-karplus': bestBeatsKarplus,
  'same-order': (evidence) => {
    const tau = kendall(scoredOnBoth(evidence))
    return holdsIf(tau === 1, `the rank correlation of both data sets is ${tau}`)
  },
  'equal-budget': ({ results }) => equalBudget(results.get(DFT)),
  'equal-budget-champs': ({ results }) => equalBudget(results.get('champs-sample')),
  'no-charges': ({ entries }) => {
    const reading = entries.filter(
      ({ charges, externalData }) => charges !== 'none' || externalData,
    )
    const ids = reading.map(({ id }) => id).join(', ')
    return reading.length === 0
      ? { verdict: 'holds', because: 'every entry.json says none' }
      : { verdict: 'open', because: `charges or other data are read by ${ids}` }
  },
  'no-authors': ({ entries }) =>
    holdsIf(
      entries.every(({ authors }) => authors.length === 0),
      'no entry has an author',
    ),
  'hardest-1jhc': ({ results }) =>
    holdsIf(
      (results.get(DFT) ?? []).every(({ types }) => {
        const maes = types.map(({ mae }) => mae ?? 0)
        return maes[0] === Math.max(...maes)
      }),
      'the largest error of every entry is that of 1JHC',
    ),
  'karplus-3jhh': (evidence) => {
    const shares = sharesOfMedian(evidence, 'karplus')
    const least = shares && [...shares].toSorted(([, a], [, b]) => a - b)[0]
    return holdsIf(least?.[0] === '3JHH', `the fit leaves least of ${least?.[0]}`)
  },

  'coordinates-scored': ({ results }) => {
    const ids = networksOf(results.get(DFT)).map(({ entry }) => entry.id)
    return holdsIf(
      ids.some((id) => READS_COORDINATES.includes(id)),
      `networks scored: ${ids.join(', ')}`,
    )
  },
  'coordinates-last': ({ results }) => {
    const networks = networksOf(results.get(DFT))
    const readers = networks.filter(({ entry }) => READS_COORDINATES.includes(entry.id))
    const others = networks.filter(({ entry }) => !READS_COORDINATES.includes(entry.id))
    if (readers.length === 0 || others.length === 0) {
      return { verdict: 'open', because: 'not both kinds are scored' }
    }
    const best = Math.min(...readers.map(({ score }) => score))
    const worst = Math.max(...others.map(({ score }) => score))
    return holdsIf(
      best > worst,
      `the best of the ones has ${best}, the worst of the others ${worst}`,
    )
  },

  ...Object.fromEntries(DATASET_STUDIES.map((name) => [name, studied(name)])),
  ...Object.fromEntries(
    ON_BOTH.map((name): [string, Claim] => [
      `${name}-of-sample`,
      (evidence) => thereIs(studiesOfSample(evidence)[name], `${name} on champs-sample`),
    ]),
  ),
  history: ({ history }) => holdsIf(history !== undefined, 'there is a record of 2019'),
  'sizes-fitted': (evidence) =>
    holdsIf(
      (studiesOf(evidence).sizes?.entries ?? []).some(({ fit }) => fit !== null),
      'a line was fitted',
    ),
  budgets: (evidence) =>
    holdsIf(
      (studiesOf(evidence).sizes?.entries ?? []).some(
        ({ byBudget = [] }) => new Set(byBudget.map(({ budget }) => budget)).size > 1,
      ),
      'a network was trained within several budgets',
    ),
  curves: ({ curves }) =>
    holdsIf((curves.get(DFT) ?? []).length > 0, `curves of trainings on ${DFT} are published`),
  'swaps-of-one-seed': (evidence) =>
    holdsIf(
      (studiesOf(evidence).swaps?.swaps ?? []).every(({ seeds }) => seeds.length === 1),
      'every component was exchanged with one seed',
    ),
  'geometry-brings-most': (evidence) => {
    const { swaps } = studiesOf(evidence)
    const [first, second] = swaps ? sortedSwaps(swaps) : []
    if (!first || !second)
      return { verdict: 'open', because: 'fewer than two components are exchanged' }
    const names = [first.swap, second.swap]
    return holdsIf(
      ['distance-bias', 'path-measures'].every((name) => names.includes(name)),
      `most is brought by ${names.join(' and ')}`,
    )
  },
  'swaps-all-help': (evidence) => {
    return not(some(studiesOf(evidence).swaps?.swaps, ({ low }) => low <= 0))
  },
  'swaps-cost': (evidence) => some(studiesOf(evidence).swaps?.swaps, ({ high }) => high < 0),
  'swaps-open': (evidence) => some(studiesOf(evidence).swaps?.swaps, holdsZero),
  'transfer-all-help': (evidence) => {
    return not(some(studiesOf(evidence).transfer?.entries, ({ high }) => high >= 0))
  },
  'transfer-harms': (evidence) => some(studiesOf(evidence).transfer?.entries, ({ low }) => low > 0),
  'transfer-open': (evidence) => some(studiesOf(evidence).transfer?.entries, holdsZero),
  'transfer-without-overlap': (evidence) =>
    holdsIf(
      studiesOf(evidence).transfer?.pretraining.dropped.molecules === 0,
      'no constitution occurs in both data sets',
    ),
  'ensemble-gains': (evidence) => gains(studiesOf(evidence).ensembles),
  'ensemble-gains-of-sample': (evidence) => gains(studiesOfSample(evidence).ensembles),
}

/** Whether the best ensemble with fitted weights is better than the best single entry. */
function gains(study: EnsemblesStudy | undefined): Verdict {
  const best = study && bestFitted(study)
  if (!best) return { verdict: 'open', because: 'no ensemble was fitted' }
  const { value, low, high } = best.gain
  return signed(low, high, `the gain is ${value} [${low}, ${high}]`)
}

/** Whether the paired interval of the difference of two entries excludes zero, and on which side. */
function better(a: string, b: string): Claim {
  return (evidence) => {
    const compared = compareEntries(evidence, DFT, a, b)
    if (!compared) return { verdict: 'open', because: `${a} or ${b} has no result on ${DFT}` }
    const { low, high } = compared.interval
    const because = `${a} less ${b} is ${compared.difference.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
    return signed(-high, -low, because)
  }
}

/** On `couplet-dft` by paired comparison; on the sample, whose single errors are not published, by disjoint intervals. */
function bestBeatsKarplus(evidence: Evidence): Verdict {
  const [dft] = networksOf(evidence.results.get(DFT))
  const [sample] = networksOf(evidence.results.get('champs-sample'))
  const karplus = resultOf(evidence, 'champs-sample', 'karplus')
  if (!dft || !sample || !karplus) {
    return { verdict: 'open', because: 'a data set has no network or no fit yet' }
  }
  const paired = better(dft.entry.id, 'karplus')(evidence)
  if (paired.verdict !== 'holds') return paired
  const { high } = sample.interval
  const { low } = karplus.interval
  const because = `on champs-sample ${sample.entry.id} ends at ${high}, karplus begins at ${low}`
  return { verdict: high < low ? 'holds' : 'open', because }
}

interface Interval {
  readonly low: number
  readonly high: number
}

function holdsZero({ low, high }: Interval): boolean {
  return low <= 0 && high >= 0
}

/** Whether a difference among these is as `is` says. */
function some(
  rows: readonly { readonly difference: Interval }[] | undefined,
  is: (interval: Interval) => boolean,
): Verdict {
  const count = (rows ?? []).filter(({ difference }) => is(difference)).length
  return holdsIf(count > 0, `${count} of ${rows?.length ?? 0} are so`)
}

function not({ verdict, because }: Verdict): Verdict {
  return { verdict: verdict === 'holds' ? 'fails' : 'holds', because }
}

/** A difference that shall be above zero, by its interval. */
function signed(low: number, high: number, because: string): Verdict {
  return { verdict: low > 0 ? 'holds' : high < 0 ? 'fails' : 'open', because }
}

/** For text that hangs on a condition: `when` and `unless`. */
function holdsIf(condition: boolean, because: string): Verdict {
  return {
    verdict: condition ? 'holds' : 'fails',
    because: condition ? because : `not: ${because}`,
  }
}

function equalBudget(results: readonly Result[] | undefined): Verdict {
  const budget = commonBudget(results ?? [])
  return holdsIf(budget !== undefined, `every network had ${budget} core-seconds`)
}

function studied(name: (typeof DATASET_STUDIES)[number]): Claim {
  return (evidence) => thereIs(studiesOf(evidence)[name], name)
}

function thereIs(study: object | undefined, name: string): Verdict {
  return study
    ? { verdict: 'holds', because: `there is a study ${name}` }
    : { verdict: 'open', because: `there is no study ${name} yet` }
}

function networksOf<T extends { readonly entry: { readonly id: string } }>(
  results: readonly T[] | undefined,
): readonly T[] {
  return (results ?? []).filter(({ entry }) => !BASELINES.includes(entry.id))
}

/** What an entry leaves of the median's error, by type. */
function sharesOfMedian(evidence: Evidence, id: string): Map<string, number> | undefined {
  const [result, median] = [id, 'median'].map((one) => resultOf(evidence, DFT, one))
  if (!result || !median) return undefined
  return new Map(
    result.types.flatMap(({ type, mae }, index) => {
      const base = median.types[index]!.mae
      return mae === null || base === null ? [] : [[type, mae / base] as const]
    }),
  )
}
