/** The eight coupling types of the competition, in the order used by every table and array of Couplet. */
export const COUPLING_TYPES = [
  '1JHC',
  '1JHN',
  '2JHC',
  '2JHH',
  '2JHN',
  '3JHC',
  '3JHH',
  '3JHN',
] as const

/** One of the eight coupling types: number of bonds between the nuclei, `J`, the two elements. */
export type CouplingType = (typeof COUPLING_TYPES)[number]
