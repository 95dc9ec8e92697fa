import { COUPLING_TYPES } from '@couplet/data'
import { type Ends, errorsFromResult, percentileInterval, resampleScores } from '@couplet/eval'
import type { Standing } from './datasets.ts'

/** Two entries on the same molecules, from resamples of constitutions that both share. */
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

/** Whether an interval excludes zero. */
export function isSeparated({ low, high }: Ends): boolean {
  return low > 0 || high < 0
}
