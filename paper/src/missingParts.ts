import type { Evidence } from './Evidence.ts'

/** What the paper is to hold and cannot yet, because it has not been run; empty once it is complete. */
export function missingParts({ entries, results }: Evidence): string[] {
  return ['couplet-dft', 'champs-sample'].flatMap((dataset) => {
    const scored = new Set((results.get(dataset) ?? []).map(({ entry }) => entry.id))
    const open = entries.filter(({ id }) => !scored.has(id)).map(({ id }) => id)
    return open.length > 0 ? [`${open.join(', ')} on ${dataset}`] : []
  })
}
