import { FOLDS } from '@couplet/data'
import {
  commonBudget,
  DATASET_STUDIES,
  sortedSwaps,
  type EnsemblesStudy,
  type RanksStudy,
  type Result,
  trainedElsewhere,
  trainingCoreSeconds,
} from '@couplet/eval'
import {
  EQUIVARIANT,
  isNetwork,
  networksOf,
  READS_COORDINATES,
  SECOND_STAGE,
} from './src/entryKinds.ts'
import {
  compareEntries,
  ON_BOTH,
  resultOf,
  studiesOf,
  studiesOfSample,
  tiedWithBest,
  type Evidence,
} from './src/Evidence.ts'
import { missingParts } from './src/missingParts.ts'
import { bestFitted } from './src/bestFitted.ts'
import { gainsOfTime } from './src/gainsOfTime.ts'
import { mostApart } from './src/mostApart.ts'
import { kendall, scoredOnBoth, separatedOnBoth } from './src/orderOfEntries.ts'
import type { Claim, Verdict } from './src/Verdict.ts'

const DFT = 'couplet-dft'
const SAMPLE = 'champs-sample'
const LEADER = 'edge-update-schnet'

/** What the paper claims, and what its text hangs on, each as a test of the evidence. */
export const CLAIMS: Readonly<Record<string, Claim>> = {
  complete: (evidence) => holdsIf(missingParts(evidence).length === 0, 'everything has been run'),
  'all-scored': ({ entries, results }) =>
    holdsIf(
      [DFT, SAMPLE].every((name) => results.get(name)?.length === entries.length),
      'every entry is scored on both data sets',
    ),
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
  'schnet-beats-mpnn': better(LEADER, 'mpnn'),
  'second-stage-costs': better(LEADER, SECOND_STAGE),
  'best-beats-karplus': bestBeatsKarplus,
  'best-tied': (evidence) => isTied(evidence, DFT),
  'best-tied-on-sample': (evidence) => isTied(evidence, SAMPLE),
  'schnet-leads': ({ results }) =>
    holdsIf(
      [DFT, SAMPLE].every((name) => results.get(name)?.[0]?.entry.id === LEADER),
      `${LEADER} scores best on both data sets`,
    ),
  'lead-within-tuning': ({ results, facts }) => {
    const [first, second] = results.get(DFT) ?? []
    if (first?.entry.id !== LEADER || !second) return holdsIf(false, `${LEADER} leads on ${DFT}`)
    const lead = second.score - first.score
    const gain = Number(facts['tuning.schnet-gain']?.value)
    return holdsIf(lead < gain, `${LEADER} leads by ${lead}, tuning brought ${gain}`)
  },
  'reversed-is-mpnn-trees': (evidence) => {
    const { reversed } = separatedOnBoth(evidence)
    const names = reversed.map((pair) => pair.join(' and '))
    return holdsIf(
      reversed.length === 1 && ['mpnn', 'boosted-trees'].every((id) => reversed[0]!.includes(id)),
      `told apart in opposite order: ${names.join(', ')}`,
    )
  },
  'same-order': (evidence) => {
    const tau = kendall(scoredOnBoth(evidence))
    return holdsIf(tau === 1, `the rank correlation of both data sets is ${tau}`)
  },
  'equal-budget': ({ results }) => equalBudget(results.get(DFT)),
  'equal-budget-champs': ({ results }) => equalBudget(results.get(SAMPLE)),
  'budget-kept': ({ results }) => {
    const shares = [DFT, SAMPLE].flatMap((name) => {
      const networks = networksOf(results.get(name))
      const budget = commonBudget(networks) ?? Number.NaN
      const elsewhere = trainedElsewhere(networks)
      return networks
        .filter((result) => !elsewhere.includes(result))
        .map((result) => trainingCoreSeconds(result) / FOLDS / budget)
    })
    return holdsIf(
      shares.every((share) => Math.abs(share - 1) <= 0.2),
      `networks used ${Math.min(...shares)} to ${Math.max(...shares)} of their budgets`,
    )
  },
  'trained-elsewhere': ({ results }) => {
    const elsewhere = trainedElsewhere(networksOf(results.get(SAMPLE)))
    return holdsIf(elsewhere.length > 0, `${elsewhere.length} networks are of another processor`)
  },
  'same-loss': ({ results }) =>
    holdsIf(
      networksOf(results.get(DFT)).every(
        ({ config }) => config['recipe/train/loss/kind'] === 'mean-type-mae',
      ),
      'every network is trained on the mean absolute error averaged over types',
    ),
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
  'coordinates-last': coordinatesLast,
  'equivariant-ranked': (evidence) => {
    const { ranks } = studiesOf(evidence)
    const place = ranks?.entries.find(({ entry }) => entry === EQUIVARIANT)?.rank.best
    const networks = networksOf(evidence.results.get(DFT))
    const smallest = networks.toSorted((a, b) => a.parameters - b.parameters)[0]?.entry.id
    return holdsIf(
      smallest === EQUIVARIANT && place !== undefined && place <= 3,
      `${smallest} has the fewest parameters, ${EQUIVARIANT} the rank ${place}`,
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
  'sizes-of-three-seeds': (evidence) => {
    const networks = (studiesOf(evidence).sizes?.entries ?? []).filter(({ entry }) =>
      isNetwork(entry),
    )
    const others = networks.filter(
      ({ points }) => new Set(points.map(({ seed }) => seed)).size !== 3,
    )
    return holdsIf(
      networks.length > 0 && others.length === 0,
      `${others.length} of ${networks.length} learning curves have another number of seeds`,
    )
  },
  budgets: (evidence) =>
    holdsIf(
      (studiesOf(evidence).sizes?.entries ?? []).some(
        ({ byBudget = [] }) => new Set(byBudget.map(({ budget }) => budget)).size > 1,
      ),
      'a network was trained within several budgets',
    ),
  'time-helps': (evidence) => {
    const { sizes } = studiesOf(evidence)
    const brought = sizes ? gainsOfTime(sizes) : []
    return holdsIf(
      brought.length > 0 && brought.every((gain) => gain > 0),
      `the second half of the budget brings ${brought.join(', ')}`,
    )
  },
  'curves-match': (evidence) => {
    const { sizes } = studiesOf(evidence)
    const others = networksOf(evidence.results.get(DFT)).filter(({ entry, config }) => {
      const points = sizes?.entries.find((one) => one.entry === entry.id)?.byBudget ?? []
      const whole = points.find(({ budget }) => budget === sizes?.budget)
      return whole && whole.training.epochs !== config['recipe/train/epochs']
    })
    return holdsIf(
      others.length === 0,
      `curves end in the trainings behind the scores but for ${others.length}`,
    )
  },
  'one-seed': (evidence) => ofOneSeed(studiesOf(evidence).ranks),
  'one-seed-of-sample': (evidence) => ofOneSeed(studiesOfSample(evidence).ranks),
  'swaps-of-one-seed': (evidence) => {
    const { single, count } = swapsOfOneSeed(evidence)
    return holdsIf(
      single === count,
      `${single} of ${count} components were exchanged with one seed`,
    )
  },
  'swaps-of-some-seeds': (evidence) => {
    const { single, count } = swapsOfOneSeed(evidence)
    return holdsIf(
      single > 0 && single < count,
      `${single} of ${count} components were exchanged with one seed`,
    )
  },
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
  'mean-loses': (evidence) => {
    const mean = studiesOf(evidence).ensembles?.ensembles.find((one) => one.combination === 'mean')
    return holdsIf(mean !== undefined && mean.gain.high < 0, `the mean gains ${mean?.gain.value}`)
  },
  'equivariant-errs-otherwise': (evidence) => {
    const { errors } = studiesOf(evidence)
    const apart = errors && mostApart(errors)
    return holdsIf(apart?.entry === EQUIVARIANT, `${apart?.entry} errs least like the others`)
  },
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

/** Whether the interval of the difference of two entries excludes zero, and on which side. */
function better(a: string, b: string, dataset = DFT): Claim {
  return (evidence) => {
    const compared = compareEntries(evidence, dataset, a, b)
    if (!compared) return { verdict: 'open', because: `${a} or ${b} has no result on ${dataset}` }
    const { low, high } = compared
    const because = `${a} less ${b} is ${compared.difference.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
    return signed(-high, -low, because)
  }
}

/** On both data sets. */
function bestBeatsKarplus(evidence: Evidence): Verdict {
  const verdicts = [DFT, SAMPLE].map((name): Verdict => {
    const [best] = networksOf(evidence.results.get(name))
    return best
      ? better(best.entry.id, 'karplus', name)(evidence)
      : { verdict: 'open', because: `no network is scored on ${name}` }
  })
  return verdicts.find(({ verdict }) => verdict !== 'holds') ?? verdicts[0]!
}

/** Whether every entry that reads raw coordinates is told apart from every other network, and worse, on both data sets. */
function coordinatesLast(evidence: Evidence): Verdict {
  const undecided = [DFT, SAMPLE].flatMap((name) => {
    const ids = networksOf(evidence.results.get(name)).map(({ entry }) => entry.id)
    const readers = ids.filter((id) => READS_COORDINATES.includes(id))
    const others = ids.filter((id) => !READS_COORDINATES.includes(id))
    if (readers.length === 0 || others.length === 0) return [`not both kinds are scored on ${name}`]
    return readers.flatMap((reader) =>
      others
        .filter((other) => better(other, reader, name)(evidence).verdict !== 'holds')
        .map((other) => `${other} is not better than ${reader} on ${name}`),
    )
  })
  return undecided.length === 0
    ? { verdict: 'holds', because: 'every other network is better' }
    : { verdict: 'open', because: undecided.join('; ') }
}

function isTied(evidence: Evidence, dataset: string): Verdict {
  const tied = tiedWithBest(evidence, dataset)
  return holdsIf(tied.length > 0, `the best entry is not told apart from ${tied.join(', ')}`)
}

function ofOneSeed(ranks: RanksStudy | undefined): Verdict {
  return holdsIf((ranks?.seedDeviation ?? null) === null, 'no entry has several seeds')
}

function swapsOfOneSeed(evidence: Evidence): { single: number; count: number } {
  const swaps = studiesOf(evidence).swaps?.swaps ?? []
  return { single: swaps.filter(({ seeds }) => seeds.length === 1).length, count: swaps.length }
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
