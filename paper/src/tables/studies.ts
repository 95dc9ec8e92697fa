import { COUPLING_TYPES } from '@couplet/data'
import { formatHertz, sortedSwaps, type EnsemblesStudy, type SwapsStudy } from '@couplet/eval'
import { singleWeights } from '../bestFitted.ts'
import { studiesOf, studiesOfSample, type Evidence, type Studies } from '../Evidence.ts'
import { rankText, score, scoreInterval, whole } from '../numbers/format.ts'
import { originOf } from '../swapOrigins.ts'
import { code, type PaperTable } from './PaperTable.ts'

/** Slices that are shown. */
const WORST_SLICES = 12

/** Ranks that the data leave open. */
export const ranks = (evidence: Evidence): PaperTable | undefined => ranksOf(studiesOf(evidence))
/** The same of the sample of the competition's data. */
export const ranksOfSample = (evidence: Evidence): PaperTable | undefined =>
  ranksOf(studiesOfSample(evidence))

function ranksOf({ ranks: study }: Studies): PaperTable | undefined {
  return (
    study && {
      head: ['entry', 'rank', 'score', '95 % interval', 'seeds', 'deviation between seeds'],
      names: 1,
      rows: study.entries.map(({ entry, rank, score: estimate, seeds, seedDeviation }) => [
        code(entry),
        rankText(rank),
        score(estimate.value),
        scoreInterval(estimate),
        String(seeds.length),
        seedDeviation === null ? '–' : seedDeviation.toFixed(3),
      ]),
    }
  )
}

/** What entries reach together. */
export const ensembles = (evidence: Evidence): PaperTable | undefined =>
  ensemblesOf(studiesOf(evidence))
/** The same of the sample of the competition's data. */
export const ensemblesOfSample = (evidence: Evidence): PaperTable | undefined =>
  ensemblesOf(studiesOfSample(evidence))

function ensemblesOf({ ensembles: study }: Studies): PaperTable | undefined {
  return (
    study && {
      head: ['weights', 'fitted on', 'score', '95 % interval', 'gain', '95 % interval', 'models'],
      names: 2,
      rows: study.ensembles.map((one) => [
        nameOfWeights(one),
        PROTOCOLS[one.protocol],
        score(one.score.value),
        scoreInterval(one.score),
        score(one.gain.value),
        scoreInterval(one.gain),
        one.modelsAbove === null ? '–' : String(one.modelsAbove),
      ]),
    }
  )
}

const PROTOCOLS = {
  'cross-fitted': 'other constitutions',
  'rows-2021': 'the other half of the rows, as in 2021',
  none: 'nothing',
} as const

function nameOfWeights({ combination, search }: EnsemblesStudy['ensembles'][number]): string {
  const names = {
    single: 'one for each entry',
    'per-type': 'one for each entry and type',
    mean: 'mean of all',
    median: 'mean of the middle predictions',
  }
  return search === null ? names[combination] : `${names[combination]}, ${search}`
}

/** What each entry weighs in the ensembles with one weight for each, on both data sets. */
export function weights(evidence: Evidence): PaperTable | undefined {
  const { ensembles: study } = studiesOf(evidence)
  if (!study) return undefined
  const ofSample = studiesOfSample(evidence).ensembles
  const sample = new Map(
    (ofSample ? singleWeights(ofSample) : []).map(({ entry, weight }) => [entry, weight]),
  )
  return {
    head: ['entry', 'couplet-dft', 'champs-sample'],
    names: 1,
    rows: singleWeights(study)
      .filter(({ entry, weight }) => Math.max(weight, sample.get(entry) ?? 0) >= 0.005)
      .map(({ entry, weight }) => [
        code(entry),
        weight.toFixed(2),
        sample.get(entry)?.toFixed(2) ?? '–',
      ]),
  }
}

/** The slices by chemistry that are hardest for the best entry, relative to its error on the type. */
export function slices(evidence: Evidence): PaperTable | undefined {
  const { errors: study } = studiesOf(evidence)
  const best = study?.entries[0]
  if (!study || best === undefined) return undefined
  const result = evidence.results.get('couplet-dft')?.find(({ entry }) => entry.id === best)
  const rows = study.slices.map((slice) => {
    const ofType = result?.types[COUPLING_TYPES.indexOf(slice.type)]?.mae ?? Number.NaN
    return { ...slice, mae: slice.maes[0]!, times: slice.maes[0]! / ofType }
  })
  return {
    head: [
      'property',
      'value',
      'type',
      'pairs',
      'molecules',
      `error of ${best}`,
      'times the type’s',
    ],
    names: 3,
    rows: rows
      .toSorted((a, b) => b.times - a.times)
      .slice(0, WORST_SLICES)
      .map(({ property, value, type, pairs, molecules, mae, times }) => [
        property,
        value,
        type,
        whole(pairs),
        whole(molecules),
        formatHertz(mae),
        times.toFixed(2),
      ]),
  }
}

/** One component exchanged. */
export function swaps(evidence: Evidence): PaperTable | undefined {
  const { swaps: study } = studiesOf(evidence)
  return (
    study && {
      head: [
        'entry',
        'component',
        'whose',
        'epochs',
        'core-s',
        'score',
        'swapped',
        'difference',
        '95 % interval',
      ],
      names: 3,
      widths: [0.165, 0.205, 0.095, 0.075, 0.085, 0.065, 0.075, 0.09, 0.145],
      rows: sortedSwaps(study).map((one) => [
        code(one.entry),
        one.component,
        originOf(one.swap),
        ownAndSwapped(one, ({ epochs }) => epochs),
        ownAndSwapped(one, ({ coreSeconds }) => coreSeconds),
        score(one.score),
        score(one.swapped),
        score(one.difference.value),
        scoreInterval(one.difference),
      ]),
    }
  )
}

type Swap = SwapsStudy['swaps'][number]

/** What both trainings took. */
function ownAndSwapped(
  { training: { own, swapped } }: Swap,
  of: (training: Swap['training']['own']) => number,
): string {
  return `${whole(of(own))} / ${whole(of(swapped))}`
}

/** Trained on other data first, or not. */
export function transfer(evidence: Evidence): PaperTable | undefined {
  const { transfer: study } = studiesOf(evidence)
  return (
    study && {
      head: ['entry', 'seeds', 'alone', 'after pre-training', 'difference', '95 % interval'],
      names: 1,
      rows: study.entries.map((one) => [
        code(one.entry),
        String(one.seeds.length),
        score(one.without),
        score(one.with),
        score(one.difference.value),
        scoreInterval(one.difference),
      ]),
    }
  )
}

/** What a prediction costs, beside a label. */
export function cost(evidence: Evidence): PaperTable | undefined {
  const { cost: study } = studiesOf(evidence)
  return (
    study && {
      head: ['entry', 'core-ms per molecule', 'times faster', 'score', 'core-s of training'],
      names: 1,
      rows: study.entries.map((one) => [
        code(one.entry),
        (1000 * one.secondsPerMolecule).toPrecision(3),
        whole(Number(one.speedup.toPrecision(2))),
        score(one.score),
        whole(one.trainingSeconds),
      ]),
    }
  )
}
