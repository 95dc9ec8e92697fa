export {
  type Chemistry,
  type ChemistryFailure,
  type ChemistryOptions,
  perceiveChemistry,
  UNKNOWN_HYBRIDISATION,
} from './chemistry/perceiveChemistry.ts'
export { BOND_FLAGS, bondFlags } from './chemistry/bondFlags.ts'
export { gasteigerCharges } from './chemistry/gasteigerCharges.ts'
export type { LewisFailure } from './chemistry/lewisStructure.ts'
export { type BondGraph, bondGraph } from './chemistry/BondGraph.ts'
export { type SmallestRings, smallestRings } from './chemistry/smallestRings.ts'
