export { buildTable, type MoleculeRecord, type PairRecord } from './buildTable.ts'
export { checkTable, COUPLING_PARTNERS } from './checkTable.ts'
export { COUPLING_TYPES, type CouplingType } from './couplingTypes.ts'
export { csvCell } from './csvCell.ts'
export { DataError } from './DataError.ts'
export { atomicNumberOf, ELEMENT_SYMBOLS, elementSymbol } from './elements.ts'
export type { MoleculeTable } from './MoleculeTable.ts'
export {
  CHAMPS_FILES,
  type ChampsFile,
  champsFilesFor,
  type ChampsMolecules,
  type ChampsOptions,
  type ChampsPart,
  parseChamps,
} from './parseChamps.ts'
export {
  type ColumnOf,
  type CsvKind,
  type CsvTable,
  parseCsv,
  type TextColumn,
} from './parseCsv.ts'
export { parseDecimal } from './parseDecimal.ts'
export { parseXyz } from './parseXyz.ts'
export { quoteValue } from './quoteValue.ts'
export { coupledPairs, type CoupledPairs } from './coupledPairs.ts'
export { graphDistances, neighbourLists, NOT_CONNECTED, shortestPath } from './graphDistances.ts'
export { perceiveBonds } from './perceiveBonds.ts'
export { constitutionKey } from './constitutionKey.ts'
export { couplingPaths, NO_ATOM, type CouplingPaths } from './couplingPaths.ts'
export {
  PATH_MEASURES,
  pathScale,
  reversedPathMeasures,
  standardisedPathMeasures,
  type PathScale,
} from './pathMeasures.ts'
export {
  assignFolds,
  assignInnerFolds,
  foldKey,
  foldOf,
  FOLDS,
  foldSplit,
  INNER_FOLDS,
  type Split,
  TUNING,
  tuningSplit,
} from './folds.ts'
export { angle, dihedral, distance, type Positions } from './geometry.ts'
export { nearestAtoms } from './nearestAtoms.ts'
export { moleculeAt, type MoleculeView, selectMolecules } from './selectMolecules.ts'
export { completeGraph, completeGraphSizes, type CompleteGraph } from './completeGraph.ts'
