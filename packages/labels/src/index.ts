export { compareLabels, type Deviation, type LabelComparison } from './compareLabels.ts'
export type { ReadingProgress } from './dataLines.ts'
export { findLabelProgram, type LabelPython } from './findLabelProgram.ts'
export { LabelError } from './LabelError.ts'
export type { HeldTorsion, LabelInput, RefusedInput } from './LabelInput.ts'
export { labelMolecule, type LabelMethod } from './labelMolecule.ts'
export {
  labelMolecules,
  type LabelOptions,
  type LabelProgress,
  type LabelSummary,
} from './labelMolecules.ts'
export { type LabelledPair, type LabelRecord, type Optimisation } from './LabelRecord.ts'
export { againstNwchem, type NwchemComparison } from './againstNwchem.ts'
export { publicMolecules } from './publicMolecules.ts'
export { readLabelInputs } from './readLabelInputs.ts'
export type { WorkerLimits } from './runWorker.ts'
export { WorkerFailure } from './WorkerFailure.ts'
