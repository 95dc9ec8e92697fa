import { karplus, median } from '@couplet/baselines'
import { edgeUpdateSchnet } from '@couplet/edge-update-schnet'
import type { AnyModel } from '@couplet/model'
import { mpnn } from '@couplet/mpnn'
import { UsageError } from './UsageError.ts'

/** Every entry of the comparison: an explicit list, so that nothing is registered behind a reader's back. */
export const ENTRIES: readonly AnyModel[] = [median, karplus, mpnn, edgeUpdateSchnet]

/** What `couplet quick` trains: at most four entries, so that it ends within minutes. */
export const QUICK_ENTRIES: readonly AnyModel[] = [median, karplus, mpnn, edgeUpdateSchnet]

/**
 * The entry of this id.
 * @throws UsageError that lists the known ones.
 */
export function entryOf(id: string): AnyModel {
  const model = ENTRIES.find(({ entry }) => entry.id === id)
  if (model) return model
  const known = ENTRIES.map(({ entry }) => entry.id).join(', ')
  throw new UsageError(`there is no entry ${id}. Known entries: ${known}.`)
}
