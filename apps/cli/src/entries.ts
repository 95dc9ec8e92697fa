import { karplus, median } from '@couplet/baselines'
import { boostedTrees } from '@couplet/boosted-trees'
import { coordinateTransformer } from '@couplet/coordinate-transformer'
import { cormorant } from '@couplet/cormorant'
import { edgeGraphAttention } from '@couplet/edge-graph-attention'
import { edgeUpdateSchnet, edgeUpdateSchnetSecondStage } from '@couplet/edge-update-schnet'
import { messagePassingTransformer } from '@couplet/message-passing-transformer'
import { megnet } from '@couplet/megnet'
import { metaGraphTransformer } from '@couplet/meta-graph-transformer'
import type { AnyModel } from '@couplet/model'
import { mpnn } from '@couplet/mpnn'
import { pairTransformer } from '@couplet/pair-transformer'
import { tripletNetwork } from '@couplet/triplet-network'
import { UsageError } from './UsageError.ts'

/** Every entry of the comparison: an explicit list, so that nothing is registered behind a reader's back. */
export const ENTRIES: readonly AnyModel[] = [
  median,
  karplus,
  mpnn,
  edgeUpdateSchnet,
  edgeUpdateSchnetSecondStage,
  edgeGraphAttention,
  megnet,
  cormorant,
  pairTransformer,
  metaGraphTransformer,
  messagePassingTransformer,
  coordinateTransformer,
  tripletNetwork,
  boostedTrees,
]

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
