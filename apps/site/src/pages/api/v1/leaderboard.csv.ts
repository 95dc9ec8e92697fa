import { COUPLING_TYPES } from '@couplet/data'
import { formatCsv, leaderboardRows } from '../../../lib/api.ts'

/** The leaderboards of all data sets, a line for each row. */
export async function GET(): Promise<Response> {
  const rows = (await leaderboardRows()).map(({ maes, ...row }) => ({
    ...row,
    seeds: row.seeds?.join('; ') ?? null,
    ...Object.fromEntries(COUPLING_TYPES.map((type, index) => [type, maes[index] ?? null])),
  }))
  return new Response(
    formatCsv([Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]),
  )
}
