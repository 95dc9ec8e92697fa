import type { SwapsStudy } from '@couplet/eval'

/** Exchanged components, the one that helps most first. */
export function sortedSwaps({ swaps }: SwapsStudy): SwapsStudy['swaps'] {
  return swaps.toSorted((a, b) => b.difference.value - a.difference.value)
}
