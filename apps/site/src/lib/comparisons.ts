import { COUPLING_TYPES } from '@couplet/data'
import {
  type Ends,
  errorsFromResult,
  percentileInterval,
  resampleScores,
  type Result,
} from '@couplet/eval'
import type { Standing } from './datasets.ts'

/** Two entries on the same molecules, one training of each, from resamples of constitutions that both share. */
export interface Comparison {
  /** Ids; of the two, A has the lower (better) score. */
  readonly a: string
  readonly b: string
  /** Score of A less that of B, with its interval. */
  readonly difference: Ends & { readonly value: number }
  /** Share of resamples in which A scores lower. */
  readonly probability: number
  /** Of each type: MAE of A less that of B in hertz; undefined where the data hold no such pair. */
  readonly types: readonly ((Ends & { readonly value: number }) | undefined)[]
}

/** One of two entries. */
interface Side {
  /** Its main training. */
  readonly result: Result
  /** Mean score over the seeds. */
  readonly score: number
  readonly seeds: readonly number[]
}

/** Two entries beside each other. */
export interface SideBySide {
  /** The one with the lower mean score, and the other. */
  readonly better: Side
  readonly worse: Side
  /** Undefined where there is no study, and errors of single molecules may not be published. */
  readonly difference: Difference | undefined
  /** As of {@link Comparison}, in the order of this pair, of the main trainings; undefined where errors may not be published. */
  readonly types: Comparison['types'] | undefined
}

/** How far a pair is apart. */
interface Difference extends Ends {
  /** Score of the better one less that of the other. The ends hold for all pairs at once by the study, else for this pair. */
  readonly value: number
  readonly separated: boolean
  /** Share of resamples in which the better one scores lower. */
  readonly probability: number
  /** Further molecules that would separate the two; null where none would; undefined where that was not studied. */
  readonly moreMolecules: number | null | undefined
}

/** Enough draws for intervals of 95 %, in a second or two of building. */
const DRAWS = { seed: 1, resamples: 4000 }
const LEVEL = 0.95

const known = new Map<string, readonly Comparison[] | undefined>()

/**
 * Compares every two entries of a data set.
 * @returns undefined where errors of single molecules may not be published, since nothing can be resampled then.
 */
export function compareEntries({
  dataset,
  results,
}: Pick<Standing, 'dataset' | 'results'>): readonly Comparison[] | undefined {
  if (!known.has(dataset.name)) known.set(dataset.name, compareAll(results))
  return known.get(dataset.name)
}

function compareAll(results: Standing['results']): readonly Comparison[] | undefined {
  const tables = results.map((result) => errorsFromResult(result))
  const errors = tables.filter((table) => table !== undefined)
  if (errors.length < results.length || errors.length === 0) return undefined
  const { scores, maes } = resampleScores(errors, DRAWS)
  const width = COUPLING_TYPES.length
  return results.flatMap((better, a) =>
    results.slice(a + 1).map((worse, offset): Comparison => {
      const b = a + 1 + offset
      const differences = scores[a]!.map((score, draw) => score - scores[b]![draw]!)
      const wins = differences.reduce(
        (sum, value) => sum + (value < 0 ? 1 : value === 0 ? 0.5 : 0),
        0,
      )
      return {
        a: better.entry.id,
        b: worse.entry.id,
        difference: {
          value: better.score - worse.score,
          ...percentileInterval(differences, LEVEL),
        },
        probability: wins / differences.length,
        types: COUPLING_TYPES.map((_, type) => {
          const [own, other] = [better.types[type]!.mae, worse.types[type]!.mae]
          if (own === null || other === null) return undefined
          const draws = Float64Array.from(differences, (__, draw) => {
            const place = draw * width + type
            return maes[a]![place]! - maes[b]![place]!
          })
          return { value: own - other, ...percentileInterval(draws, LEVEL) }
        }),
      }
    }),
  )
}

/**
 * Two entries of a data set, whichever comes first: by the study of ranks where there is one, whose order is that of the means over the seeds,
 * else by their main trainings.
 * @returns undefined unless both have results.
 */
export function compareTwo(standing: Standing, one: string, other: string): SideBySide | undefined {
  const sides = [one, other].flatMap((id): Side[] => {
    const result = standing.results.find(({ entry }) => entry.id === id)
    if (!result) return []
    const { meanScore: score, seeds } = standing.ranks?.get(id) ?? {
      meanScore: result.score,
      seeds: [result.seed],
    }
    return [{ result, score, seeds }]
  })
  const isPair = (a: string, b: string): boolean =>
    (a === one && b === other) || (a === other && b === one)
  const comparison = compareEntries(standing)?.find(({ a, b }) => isPair(a, b))
  const studied = studiedDifference(standing, isPair)
  const first = studied?.better ?? comparison?.a
  const [better, worse] = sides.toSorted((a, b) =>
    first === undefined
      ? a.score - b.score
      : Number(b.result.entry.id === first) - Number(a.result.entry.id === first),
  )
  if (!better || !worse) return undefined
  return {
    better,
    worse,
    difference: studied?.difference ?? (comparison && ownDifference(comparison)),
    types:
      better.result.entry.id === comparison?.b ? comparison.types.map(turn) : comparison?.types,
  }
}

function studiedDifference(
  { ranking }: Standing,
  isPair: (a: string, b: string) => boolean,
): { readonly better: string; readonly difference: Difference } | undefined {
  const pair = ranking?.differences.find(({ better, worse }) => isPair(better, worse))
  if (!ranking || !pair) return undefined
  const placeOf = (id: string): number => ranking.entries.findIndex(({ entry }) => entry === id)
  return {
    better: pair.better,
    difference: {
      value: pair.difference.value,
      ...pair.simultaneous,
      separated: pair.separated,
      probability: ranking.probabilityBetter[placeOf(pair.better)]![placeOf(pair.worse)]!,
      moreMolecules: pair.moreMolecules,
    },
  }
}

function ownDifference({ difference, probability }: Comparison): Difference {
  return {
    ...difference,
    separated: isSeparated(difference),
    probability,
    moreMolecules: undefined,
  }
}

/** The same difference seen from the other entry. */
function turn(type: Comparison['types'][number]): Comparison['types'][number] {
  return type && { value: -type.value, low: -type.high, high: -type.low }
}

/** Whether an interval excludes zero. */
export function isSeparated({ low, high }: Ends): boolean {
  return low > 0 || high < 0
}
