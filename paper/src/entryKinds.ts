/** Entries that stand for what a network must beat, and are no team's architecture. */
export const BASELINES: readonly string[] = ['median', 'karplus', 'boosted-trees']

/** Entries that read raw coordinates and are not equivariant: what a turn of the molecule does to them is learnt. */
export const READS_COORDINATES: readonly string[] = ['coordinate-transformer', 'pair-transformer']
