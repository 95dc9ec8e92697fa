/** Entries that stand for what a network must beat, and are no team's architecture. */
const BASELINES: readonly string[] = ['median', 'karplus', 'boosted-trees']

/** The entry that is an architecture of another entry, trained on top of it. */
export const SECOND_STAGE = 'edge-update-schnet-second-stage'

/** The entry that is equivariant under rotation by construction. */
export const EQUIVARIANT = 'cormorant'

/** Entries that read raw coordinates and are not equivariant: what a turn of the molecule does to them is learnt. */
export const READS_COORDINATES: readonly string[] = ['coordinate-transformer', 'pair-transformer']

/** Whether an entry is a network, and no baseline. */
export const isNetwork = (id: string): boolean => !BASELINES.includes(id)

/** The networks among results. */
export function networksOf<T extends { readonly entry: { readonly id: string } }>(
  results: readonly T[] | undefined,
): T[] {
  return (results ?? []).filter(({ entry }) => isNetwork(entry.id))
}
