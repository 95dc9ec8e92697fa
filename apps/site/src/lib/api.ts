import { COUPLING_TYPES } from '@couplet/data'
import type { Result } from '@couplet/eval'
import { readStandings } from './datasets.ts'
import { readEntries } from './entries.ts'
import { UNIMPLEMENTED } from './unimplemented.ts'

/** Version of the files below `/api/v1/`; grows when a field changes its meaning or goes. */
export const API_VERSION = 1

/** One entry on one data set, as the leaderboard shows it. */
export interface ApiRow {
  readonly dataset: string
  readonly entry: string
  readonly name: string
  readonly team: string
  readonly rank2019: number | null
  readonly score2019: number | null
  /** `scored`, `stale`, `not run yet` or `not implemented`. Numbers of anything but `scored` are null. */
  readonly status: string
  readonly bestRank: number | null
  readonly worstRank: number | null
  readonly score: number | null
  readonly low: number | null
  readonly high: number | null
  /** Mean absolute errors in hertz in the order of the coupling types. */
  readonly maes: readonly (number | null)[]
  readonly parameters: number | null
  readonly trainingSeconds: number | null
  readonly cores: number | null
  readonly millisecondsPerMolecule: number | null
}

/** Rows of the leaderboards of all data sets. */
export async function leaderboardRows(): Promise<ApiRow[]> {
  const standings = await readStandings()
  return standings.flatMap(({ dataset, results, ranks, stale }) => {
    const rows = readEntries().map((entry): ApiRow => {
      const result = results.find((one) => one.entry.id === entry.id)
      const isStale = stale.some((one) => one.result.entry.id === entry.id)
      const range = ranks?.get(entry.id)
      return {
        dataset: dataset.name,
        entry: entry.id,
        name: entry.name,
        team: entry.originator.team,
        rank2019: entry.originator.rank,
        score2019: entry.originator.score,
        status: result ? 'scored' : isStale ? 'stale' : 'not run yet',
        bestRank: range?.best ?? null,
        worstRank: range?.worst ?? null,
        ...numbersOf(result),
      }
    })
    const unimplemented = UNIMPLEMENTED.map(({ team, rank, score }): ApiRow => ({
      dataset: dataset.name,
      entry: '',
      name: team,
      team,
      rank2019: rank,
      score2019: score,
      status: 'not implemented',
      bestRank: null,
      worstRank: null,
      ...numbersOf(undefined),
    }))
    return [...rows, ...unimplemented].toSorted(
      (a, b) => (a.score ?? Infinity) - (b.score ?? Infinity) || 0,
    )
  })
}

function numbersOf(result: Result | undefined) {
  return {
    score: result?.score ?? null,
    low: result?.interval.low ?? null,
    high: result?.interval.high ?? null,
    maes: COUPLING_TYPES.map((_, type) => result?.types[type]!.mae ?? null),
    parameters: result?.parameters ?? null,
    trainingSeconds: result?.run.seconds ?? null,
    cores: result?.run.cores ?? null,
    millisecondsPerMolecule: result ? 1000 / result.run.moleculesPerSecond : null,
  }
}

/** Lines of comma-separated values; texts with a comma, a quote or a line break are quoted. */
export function formatCsv(rows: readonly (readonly (string | number | null)[])[]): string {
  const cell = (value: string | number | null): string => {
    const text = String(value ?? '')
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('')
}
