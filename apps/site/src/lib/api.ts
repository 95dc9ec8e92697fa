import { COUPLING_TYPES, csvCell } from '@couplet/data'
import { boardRows, type BoardRow } from './boardRows.ts'
import { readStandings } from './datasets.ts'

/** Version of the files below `/api/v1/`; grows when a field changes its meaning or goes. */
export const API_VERSION = 1

/** One entry or ensemble on one data set, as the leaderboard shows it. */
export interface ApiRow {
  readonly dataset: string
  readonly kind: BoardRow['kind']
  /** Id of the entry; empty for ensembles and for what is not implemented. */
  readonly entry: string
  readonly name: string
  readonly team: string
  readonly rank2019: number | null
  readonly score2019: number | null
  /** `scored`, `stale`, `not run yet` or `not implemented`. Numbers of anything but `scored` are null. */
  readonly status: BoardRow['status']
  /** Ranks that are left open when molecules and seeds are drawn anew, by the mean score. */
  readonly bestRank: number | null
  readonly worstRank: number | null
  /** Seeds of the entry's trainings; of an ensemble null, since its entries take part with their first seed. */
  readonly seeds: readonly number[] | null
  /** Mean score over these seeds, and the ends of its interval, for which molecules and seeds are drawn anew; ranks are of it, and the leaderboard shows it. */
  readonly meanScore: number | null
  readonly meanLow: number | null
  readonly meanHigh: number | null
  /** Score of the first seed's training (of the ensemble), and the ends of its interval, for which molecules are drawn anew. */
  readonly score: number | null
  readonly low: number | null
  readonly high: number | null
  /** Mean absolute errors of the same training in hertz in the order of the coupling types. */
  readonly maes: readonly (number | null)[]
  readonly parameters: number | null
  /** Processor time of the training of all folds together. */
  readonly trainingCoreSeconds: number | null
  readonly millisecondsPerMolecule: number | null
  /** What the entry reads of a molecule, with semicolons between. */
  readonly inputs: string | null
  readonly externalData: boolean | null
  /** Licence of the entry, and in words that of the original. */
  readonly licence: string | null
  readonly originalLicence: string | null
  /** Number of known deviations from the original. */
  readonly deviations: number | null
}

/** Rows of the leaderboards of all data sets. */
export async function leaderboardRows(): Promise<ApiRow[]> {
  const standings = await readStandings()
  return standings.flatMap((standing) =>
    boardRows(standing).map((row): ApiRow => {
      const { entry, measured, cost } = row
      return {
        dataset: standing.dataset.name,
        kind: row.kind,
        entry: entry?.id ?? '',
        name: row.name,
        team: entry?.originator.team ?? (row.kind === 'ensemble' ? '' : row.name),
        rank2019: row.rank2019,
        score2019: row.score2019,
        status: row.status,
        bestRank: row.rank?.best ?? null,
        worstRank: row.rank?.worst ?? null,
        seeds: row.rank?.seeds ?? null,
        meanScore: row.rank?.meanScore ?? null,
        meanLow: row.rank?.interval.low ?? null,
        meanHigh: row.rank?.interval.high ?? null,
        score: measured?.first.score ?? null,
        low: measured?.first.interval?.low ?? null,
        high: measured?.first.interval?.high ?? null,
        maes: measured?.maes ?? COUPLING_TYPES.map(() => null),
        parameters: cost?.parameters ?? null,
        trainingCoreSeconds: cost?.coreSeconds ?? null,
        millisecondsPerMolecule: cost?.millisecondsPerMolecule ?? null,
        inputs: entry?.inputs.join('; ') ?? null,
        externalData: entry?.externalData ?? null,
        licence: entry?.licence ?? null,
        originalLicence: entry?.originator.licence ?? null,
        deviations: entry?.deviations.length ?? null,
      }
    }),
  )
}

/** Lines of comma-separated values; texts with a comma, a quote or a line break are quoted. */
export function formatCsv(
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string {
  return rows
    .map((row) => `${row.map((value) => csvCell(String(value ?? ''))).join(',')}\n`)
    .join('')
}
