import { COUPLING_TYPES, type MoleculeTable } from '@couplet/data'
import type { TypeScale } from '../typeScale.ts'

/** Largest difference that float32 arithmetic in another order excuses, relative to the value or the spread of its type. */
export const TOLERANCE = 1e-4

/**
 * Says where two sets of predictions differ by more than {@link TOLERANCE}, or nothing.
 *
 * The difference is relative to the value's size or its type's standard deviation, whichever is larger, because networks compute in units of
 * that deviation.
 */
export function firstDifference(
  before: Float32Array,
  after: Float32Array,
  molecules: MoleculeTable,
  scale: TypeScale,
): string | undefined {
  if (before.length !== after.length) return `${before.length} values became ${after.length}`
  const bad = before.findIndex((value, pair) => {
    const unit = Math.max(Math.abs(value), scale.deviation[molecules.pairTypes[pair]!]!)
    return !(Math.abs(after[pair]! - value) <= TOLERANCE * unit)
  })
  if (bad < 0) return undefined
  return `${describePair(molecules, bad)}: ${before[bad]!.toPrecision(7)} Hz became ${after[bad]!.toPrecision(7)} Hz`
}

/** Index of the first value that is not the same to the bit, or -1. */
export function firstUnequal(one: Float32Array, other: Float32Array): number {
  return one.findIndex((value, index) => !Object.is(value, other[index]))
}

/** A pair in words, for example `ethane, pair 3 (2JHC)`. */
export function describePair(molecules: MoleculeTable, pair: number): string {
  const molecule = molecules.pairOffsets.findLastIndex((offset) => offset <= pair)
  const local = pair - molecules.pairOffsets[molecule]!
  return `${molecules.names[molecule]}, pair ${local} (${COUPLING_TYPES[molecules.pairTypes[pair]!]})`
}

/** A broken promise of a model, in one sentence that names it. */
export function broken(model: { readonly entry: { readonly id: string } }, what: string): Error {
  return new Error(`[@couplet/model] ${model.entry.id}: ${what}`)
}
