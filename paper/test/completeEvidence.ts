import { COUPLING_TYPES } from '@couplet/data'
import { formatStudy, parseStudy, type Study, type StudyName } from '@couplet/eval'
import { fileURLToPath } from 'node:url'
import { readEvidence, type Evidence, type Studies } from '../src/Evidence.ts'
import { evidenceOf, resultsOf } from './examples.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Evidence as it will be when every entry is scored and every study run: real entries and facts, made-up results. */
export async function completeEvidence(): Promise<Evidence> {
  const { entries, facts, history } = await readEvidence(ROOT)
  const ids = entries.map(({ id }) => id)
  const scores = Object.fromEntries(ids.map((id, place) => [id, WORST[id] ?? -place / 10]))
  const dft = await evidenceOf(scores)
  const results = new Map([...dft.results, ['champs-sample', resultsOf(scores, 'champs-sample')]])
  const ranked = results.get('couplet-dft')!.map(({ entry }) => entry.id)
  const { transfer, ...onDft } = studiesOf(ranked)
  const { ranks, ensembles, errors } = onDft
  return {
    ...dft,
    history,
    entries,
    facts,
    results,
    studies: new Map<string, Studies>([
      ['couplet-dft', onDft],
      [
        'champs-sample',
        { transfer: transfer!, ranks: ranks!, ensembles: ensembles!, errors: errors! },
      ],
    ]),
  }
}

/** Entries that score worse here than their place among the entries says. */
const WORST: Readonly<Record<string, number>> = {
  median: 1.3,
  karplus: 0.7,
  mpnn: 0.1,
  'boosted-trees': 0.5,
  'edge-update-schnet-second-stage': 0,
}

function studiesOf(ids: readonly string[]): Studies {
  const estimate = (value: number) => ({ value, low: value - 0.1, high: value + 0.1 })
  const resampling = { resamples: 100, seed: 1, level: 0.95 }
  const square = (value: number) =>
    ids.map((_, i) => ids.map((_id, j) => (i === j ? 0.5 : value + 0.01 * (i - j))))
  const maes = COUPLING_TYPES.map(() => 1)
  const [first, second] = [ids[0]!, ids[1]!]
  return {
    ranks: study('ranks', {
      resampling,
      criticalValue: 3,
      seedDeviation: 0.02,
      entries: ids.map((entry, place) => ({
        entry,
        seeds: [1, 2],
        score: estimate(place / 10),
        seedDeviation: place === 0 ? null : 0.02,
        rank: { best: place + 1, worst: Math.min(ids.length, place + 2) },
      })),
      probabilityBetter: square(0.5),
      differences: [
        {
          better: first,
          worse: second,
          difference: estimate(-0.3),
          simultaneous: { low: -0.5, high: -0.1 },
          separated: true,
          moreMolecules: 0,
        },
      ],
      ties: [[first, second]],
    }),
    ensembles: study('ensembles', {
      resampling,
      entries: [...ids],
      ensembles: [
        {
          protocol: 'cross-fitted',
          combination: 'single',
          search: 'softmax',
          score: estimate(-1.4),
          maes,
          bestSingle: { entry: first, score: -1.2 },
          gain: estimate(0.2),
          modelsAbove: 3,
          weights: [ids.map(() => 1 / ids.length)],
        },
        {
          protocol: 'none',
          combination: 'median',
          search: null,
          score: estimate(-1.3),
          maes,
          bestSingle: { entry: first, score: -1.2 },
          gain: estimate(0.1),
          modelsAbove: null,
          weights: null,
        },
      ],
      leaveOutBest: [0, 1, 2].map((leftOut) => ({
        leftOut,
        bestSingle: -1.2 + 0.1 * leftOut,
        score: -1.4 + 0.1 * leftOut,
        gain: 0.2,
        modelsAbove: 3,
      })),
    }),
    errors: study('errors', {
      entries: [...ids],
      correlation: square(0.5),
      clustering: { order: [...ids].toReversed(), merges: [] },
      map: { points: ids.map((entry, x) => ({ entry, x, y: 0 })), share: 1 },
      slices: ['sp2', 'sp3'].map((value, index) => ({
        property: 'hybridisation' as const,
        type: '1JHC' as const,
        value,
        pairs: 100,
        molecules: 20,
        maes: ids.map(() => 1 + index),
      })),
      hardest: null,
      noiseFloor: null,
    }),
    sizes: study('sizes', {
      budget: 60,
      entries: ids.slice(0, 5).map((entry, place) => ({
        entry,
        settings: '0123456789abcdef',
        points: [72, 144, 288].map((molecules) => ({
          constitutions: molecules / 2,
          molecules,
          seed: 1,
          score: place / 10 - 0.3 * Math.log(molecules),
          training: { epochs: 40, coreSeconds: 58 },
        })),
        byBudget: [30, 60].map((budget) => ({
          budget,
          seed: 1,
          score: place / 10 - budget / 100,
          training: { epochs: 20, coreSeconds: budget },
        })),
        fit: {
          intercept: place / 10,
          slope: -0.3 - 0.01 * place,
          deviation: 0.01,
          extrapolated: [],
        },
      })),
    }),
    swaps: study('swaps', {
      budget: 60,
      resampling,
      swaps: [
        {
          swap: 'trained-scorer',
          entry: 'edge-graph-attention',
          component: 'attention scores',
          from: 'scorer=trained',
          to: 'scorer=frozen',
          seeds: [1],
          score: -0.5,
          swapped: -0.4,
          difference: estimate(0.1),
          atOnce: { low: 0.02, high: 0.18 },
          training: {
            own: { epochs: 40, coreSeconds: 58 },
            swapped: { epochs: 44, coreSeconds: 61 },
          },
        },
      ],
    }),
    transfer: study('transfer', {
      budget: 60,
      resampling,
      pretraining: {
        dataset: 'champs-sample',
        sha256: 'cd'.repeat(32),
        molecules: 700,
        dropped: { molecules: 20, constitutions: 18 },
      },
      entries: [
        {
          entry: first,
          seeds: [1],
          without: -0.5,
          with: -0.6,
          difference: estimate(-0.1),
          training: {
            without: { epochs: 40, coreSeconds: 58 },
            with: { epochs: 40, coreSeconds: 61 },
          },
        },
      ],
    }),
    cost: study('cost', {
      labels: {
        about: 'one core',
        molecules: 300,
        meanSeconds: 27,
        medianSeconds: 20,
        byHeavyAtoms: [],
      },
      entries: ids.map((entry, place) => ({
        entry,
        device: 'CPU',
        cores: 1,
        secondsPerMolecule: 0.001 * (place + 1),
        speedup: 27_000 / (place + 1),
        score: place / 10,
        geometricMeanMae: 1,
        trainingSeconds: 100,
      })),
    }),
  }
}

/** A study that follows its schema, with the head that every one has. */
function study<Name extends StudyName>(
  name: Name,
  body: Omit<
    Study<Name>,
    'schemaVersion' | 'study' | 'dataset' | 'fold' | 'counts' | 'inputs' | 'partial' | 'notes'
  >,
): Study<Name> {
  const whole = {
    schemaVersion: 1,
    study: name,
    dataset: { name: 'couplet-dft', sha256: 'ab'.repeat(32), licence: 'CC0-1.0' },
    fold: 'all',
    counts: { molecules: 20, constitutions: 20, pairs: 160 },
    inputs: [],
    partial: null,
    notes: [],
    ...body,
  }
  return parseStudy(name, formatStudy(name, whole as unknown as Study<Name>), `${name}.json`)
}
