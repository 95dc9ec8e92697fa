import { assignFolds } from '@couplet/data'
import {
  blend,
  comparePaired,
  crossFit,
  formatScore,
  halfOfRows,
  measureErrors,
  medianBlend,
  scoreErrors,
  type BlendData,
  type EnsemblesStudy,
  type ErrorTable,
  type FittedBlend,
  bootstrapInterval,
} from '@couplet/eval'
import { writeStudy } from '@couplet/eval/node'
import { studyPath } from '../results.ts'
import { RESAMPLING } from '../scoreRuns.ts'
import { UsageError } from '../UsageError.ts'
import {
  readBasis,
  withPredictions,
  type Basis,
  type BasisCall,
  type PredictedEntry,
} from './readBasis.ts'
import { studyHeader } from './studyHeader.ts'

/** Weights above this are counted, as in 2021. */
const CUTOFF = 0.01
/** Seed of batches and halves: that of 2021. */
const SEED = 42
const LEVEL = 0.95

type Ensemble = EnsemblesStudy['ensembles'][number]
type Kind = Pick<Ensemble, 'protocol' | 'combination' | 'search'>

/** `couplet study ensembles`. */
export async function studyEnsembles(call: BasisCall): Promise<void> {
  const basis = withPredictions(await readBasis(call, 'predictions'))
  const study = ensemblesOf(basis)
  const path = studyPath(call.results, 'ensembles', basis.dataset.name)
  await writeStudy('ensembles', path, study)
  for (const { protocol, combination, search, score, gain, modelsAbove } of study.ensembles) {
    const how = [protocol, combination, search].filter((word) => word !== null).join(', ')
    const models = modelsAbove === null ? '' : `, ${modelsAbove} models above ${CUTOFF}`
    console.log(
      `${how}: ${formatScore(score.value)}, gain over the best single ${gain.value.toFixed(3)} [${gain.low.toFixed(3)}, ${gain.high.toFixed(3)}]${models}`,
    )
  }
  if (study.partial) console.log(`Partial: ${study.partial}`)
  console.log(`Wrote ${path}`)
}

/** What the entries of a basis reach together. */
function ensemblesOf(basis: Basis<PredictedEntry>): EnsemblesStudy {
  const { scored, entries } = basis
  if (entries.length < 2) {
    throw new UsageError('an ensemble needs predictions of two entries at least. Publish more.')
  }
  const data = blendData(basis)
  // Whole folds: no constitution is in two.
  const folds = assignFolds(scored)
  const parts = Int8Array.from(scored.pairIds)
  for (const [molecule, fold] of folds.entries()) {
    parts.fill(fold, scored.pairOffsets[molecule], scored.pairOffsets[molecule + 1])
  }
  const ensembles: Ensemble[] = []
  const tried: { kind: Kind; fitted: FittedBlend }[] = []
  for (const combination of ['single', 'per-type'] as const) {
    for (const search of ['softmax', 'pairwise'] as const) {
      const fitted = crossFit(data, parts, combination, search, SEED)
      tried.push({ kind: { protocol: 'cross-fitted', combination, search }, fitted })
    }
    const fitted = halfOfRows(data, combination, 'softmax', SEED)
    tried.push({ kind: { protocol: 'rows-2021', combination, search: 'softmax' }, fitted })
  }
  for (const { kind, fitted } of tried) {
    const weights = fitted.weights.map((own) => (own ? [...own] : null))
    const modelsAbove = [...entries.keys()].filter((entry) =>
      weights.some((own) => own && own[entry]! > CUTOFF),
    ).length
    ensembles.push({ ...kind, ...measure(basis, fitted.predictions), modelsAbove, weights })
  }
  const equal = [new Float64Array(entries.length).fill(1 / entries.length)]
  const unfitted = [
    ['mean', blend(data, equal)],
    ['median', medianBlend(data)],
  ] as const
  for (const [combination, predictions] of unfitted) {
    const kind: Kind = { protocol: 'none', combination, search: null }
    ensembles.push({ ...kind, ...measure(basis, predictions), modelsAbove: null, weights: null })
  }
  const single = ensembles.filter(
    ({ protocol, combination }) => protocol === 'cross-fitted' && combination === 'single',
  )
  const winner = single.toSorted((a, b) => a.score.value - b.score.value)[0]!.search!
  return {
    ...studyHeader(basis, [
      'Weights are fitted on the four folds that are not scored, and recorded as means over the five fits.',
      'The protocol of 2021 fits on half of the rows of the same molecules that it scores: it looks better than new molecules would.',
      'Each entry takes part with its main seed.',
      `Of single weights, ${winner} scored best and is used for leaving out the best entries.`,
    ]),
    study: 'ensembles',
    resampling: { ...RESAMPLING, level: LEVEL },
    entries: entries.map(({ id }) => id),
    ensembles,
    leaveOutBest: Array.from({ length: entries.length - 1 }, (_, leftOut) => {
      const left = { ...basis, entries: entries.slice(leftOut) }
      const { predictions, weights } = crossFit(blendData(left), parts, 'single', winner, SEED)
      const score = scoreErrors(measureErrors(scored, predictions)).score
      const bestSingle = left.entries[0]!.seeds[0].result.score
      const modelsAbove = weights[0]!.filter((weight) => weight > CUTOFF).length
      return { leftOut, bestSingle, score, gain: bestSingle - score, modelsAbove }
    }),
  }
}

/** Predictions and labels of the scored pairs. */
export function blendData({ scored, entries }: Basis<PredictedEntry>): BlendData {
  return {
    predictions: entries.map(({ predictions }) => predictions),
    couplings: scored.couplings!,
    types: scored.pairTypes,
  }
}

/** Score of an ensemble, beside the best single entry on the same pairs: those that are predicted. */
function measure({ scored, entries }: Basis<PredictedEntry>, predictions: Float64Array) {
  const included = Array.from(predictions, (value) => !Number.isNaN(value))
  const errorsOf = (values: Float64Array): ErrorTable => measureErrors(scored, values, included)
  const singles = entries.map(({ id, predictions: own }) => {
    const errors = errorsOf(own)
    return { id, errors, score: scoreErrors(errors).score }
  })
  const best = singles.toSorted((a, b) => a.score - b.score)[0]!
  const options = { ...RESAMPLING, level: LEVEL }
  const errors = errorsOf(predictions)
  const { score, interval, types } = bootstrapInterval(errors, options)
  const gain = comparePaired(best.errors, errors, options)
  return {
    score: { value: score, low: interval.low, high: interval.high },
    maes: types.map(({ mae }) => mae),
    bestSingle: { entry: best.id, score: best.score },
    gain: { value: gain.difference, low: gain.interval.low, high: gain.interval.high },
  }
}
