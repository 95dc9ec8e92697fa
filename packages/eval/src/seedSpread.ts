import { scoreErrors, type ErrorTable } from './errorTable.ts'
import { randomGenerator } from './randomGenerator.ts'

/** Scores of one entry's seeds on the same resamples of constitutions. */
export interface SeedScores {
  /** `[seeds][resamples]`. */
  readonly scores: readonly Float64Array[]
  /** Whether no seed changes the entry. */
  readonly seedless: boolean
}

/** An entry's score under resamples of constitutions and seeds. */
export interface SeedDraws {
  /** Score on each resample, `[resamples]`. */
  readonly scores: Float64Array
  /** Parts of the variance of a single seed that the score's variance has: 1 / seeds, or 0 where no seed changes the entry. */
  readonly part: number
}

/** The draws of all entries, with the variance of a single seed's score. */
export interface SeedSpread {
  readonly entries: readonly SeedDraws[]
  /** Variance between seeds, pooled over the entries; 0 where no entry has several. */
  readonly variance: number
  /** The same as each resample alone would estimate it, `[resamples]`. */
  readonly resampled: Float64Array
}

// Any number: keeps the draws of seeds apart from those of constitutions, which have the plain seed.
const STREAM = 0x5eed

/**
 * Draws seeds for every entry on every resample: as many as the entry has, each from the deviations of all seeds of all entries
 * from their entry's mean. Deviations are stretched by sqrt(k / (k - 1)), since k values lie nearer to their own mean than to
 * the true one. Entries that no seed changes take no part.
 */
export function drawSeeds(entries: readonly SeedScores[], seed: number): SeedSpread {
  const resamples = entries[0]!.scores[0]!.length
  const means = entries.map(({ scores }) => meanOf(scores))
  const moving = entries.map((entry) => takesPart(entry))
  const pool = entries.flatMap(({ scores }, entry) => {
    if (!moving[entry] || scores.length === 1) return []
    const stretch = Math.sqrt(scores.length / (scores.length - 1))
    return scores.map((one) =>
      one.map((score, resample) => stretch * (score - means[entry]![resample]!)),
    )
  })
  const random = randomGenerator((seed ^ STREAM) >>> 0)
  const squares = new Float64Array(resamples)
  let freedom = 0
  const draws = entries.map(({ scores }, entry): SeedDraws => {
    const count = scores.length
    if (!moving[entry] || pool.length === 0) return { scores: means[entry]!, part: 0 }
    freedom += count - 1
    const drawn = means[entry]!.map((mean, resample) => {
      let sum = 0
      let square = 0
      for (let draw = 0; draw < count; draw++) {
        const deviation = pool[Math.floor(random.next() * pool.length)]![resample]!
        sum += deviation
        square += deviation ** 2
      }
      squares[resample]! += square - sum ** 2 / count
      return mean + sum / count
    })
    return { scores: drawn, part: 1 / count }
  })
  return {
    entries: draws,
    variance: pool.length === 0 ? 0 : average(pool.map((one) => average(one.map((x) => x ** 2)))),
    resampled: squares.map((square) => (freedom === 0 ? 0 : square / freedom)),
  }
}

/** Standard deviation of the score between seeds; null with one seed. */
export function seedDeviationOf(seeds: readonly ErrorTable[]): number | null {
  if (seeds.length < 2) return null
  const scores = seeds.map((errors) => scoreErrors(errors).score)
  const mean = average(scores)
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0)
  return Math.sqrt(squares / (scores.length - 1))
}

/** Standard deviation between seeds over all entries with several that differ; null where there is none. */
export function pooledDeviation(entries: readonly (readonly ErrorTable[])[]): number | null {
  let squares = 0
  let freedom = 0
  for (const seeds of entries) {
    const deviation = seedDeviationOf(seeds)
    if (!deviation) continue
    squares += deviation ** 2 * (seeds.length - 1)
    freedom += seeds.length - 1
  }
  return freedom === 0 ? null : Math.sqrt(squares / freedom)
}

/** Seeds that all score the same to the last digit changed nothing. */
function takesPart({ scores, seedless }: SeedScores): boolean {
  if (seedless || scores.length === 1) return !seedless
  return scores.some((one) => one.some((value, resample) => value !== scores[0]![resample]))
}

function meanOf(columns: readonly Float64Array[]): Float64Array {
  return columns[0]!.map((_, row) => average(columns.map((column) => column[row]!)))
}

function average(values: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index]!
  return sum / values.length
}
