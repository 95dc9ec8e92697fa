import { API_VERSION } from '../../../lib/api.ts'
import { architectureOf } from '../../../lib/architectures.ts'
import { readEntries } from '../../../lib/entries.ts'

/** What the entries say about themselves, and what their networks compute. */
export function GET(): Response {
  const entries = readEntries().map((entry) => ({
    ...entry,
    architecture: architectureOf(entry.id) ?? null,
  }))
  return Response.json({ version: API_VERSION, entries })
}
