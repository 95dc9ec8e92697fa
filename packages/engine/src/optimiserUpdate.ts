import { adamUpdate, type AdamStep, type AdamVectors } from './adamUpdate.ts'
import { lambUpdate } from './lambUpdate.ts'
import type { ParameterSlot } from './ParameterStore.ts'

/**
 * One step of the optimiser that the settings name, on the range `from .. to` of flat vectors. Calls for ranges that follow each other
 * give what one call for the whole gives: LAMB, which needs whole arrays, updates those that begin in the range.
 * @param slots where each trained parameter lies.
 */
export function optimiserUpdate(
  vectors: AdamVectors,
  slots: readonly ParameterSlot[],
  from: number,
  to: number,
  step: AdamStep,
): void {
  if (step.optimiser !== 'lamb') return adamUpdate(vectors, from, to, step)
  const own = slots.filter(({ offset, trainable }) => trainable && offset >= from && offset < to)
  lambUpdate(vectors, own, step)
}
