import type { SwapsStudy } from './trainingStudySchemas.ts'

/** Exchanged components, the one that helps most first. */
export function sortedSwaps({ swaps }: Pick<SwapsStudy, 'swaps'>): SwapsStudy['swaps'] {
  return swaps.toSorted((a, b) => b.difference.value - a.difference.value)
}
