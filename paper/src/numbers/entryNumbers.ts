import { INNER_FOLDS } from '@couplet/data'
import { isNetwork, SECOND_STAGE } from '../entryKinds.ts'
import type { Evidence } from '../Evidence.ts'
import { score } from './format.ts'
import type { Add } from './collectNumbers.ts'

/** Numbers of and about entries: how many there are, and what they were in 2019. */
export function addEntryNumbers({ entries }: Evidence, add: Add): void {
  const networks = entries.filter(({ id }) => isNetwork(id))
  add('entries.count', entries.length)
  add('entries.baselines', entries.length - networks.length)
  add('entries.networks', networks.length)
  add('entries.architectures', networks.filter(({ id }) => id !== SECOND_STAGE).length)
  // One first-stage network without each inner fold, and the second.
  add('second-stage.networks', INNER_FOLDS + 1)
  add(
    'entries.deviations',
    entries.reduce((sum, { deviations }) => sum + deviations.length, 0),
  )
  for (const { id, name, originator } of entries) {
    add(`team.${id}.architecture`, name)
    if (originator.rank !== null) add(`team.${id}.rank`, originator.rank)
    if (originator.score !== null) add(`team.${id}.score`, score(originator.score))
  }
}
