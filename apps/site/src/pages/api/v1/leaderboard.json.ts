import { COUPLING_TYPES } from '@couplet/data'
import { API_VERSION, leaderboardRows } from '../../../lib/api.ts'

/** The leaderboards of all data sets. */
export async function GET(): Promise<Response> {
  const rows = await leaderboardRows()
  return Response.json({ version: API_VERSION, types: COUPLING_TYPES, rows })
}
