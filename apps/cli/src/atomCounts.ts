import type { MoleculeTable } from '@couplet/data'

/** Number of atoms of each molecule. */
export function atomCounts({ atomOffsets }: MoleculeTable): number[] {
  return Array.from(atomOffsets.subarray(1), (end, molecule) => end - atomOffsets[molecule]!)
}
