export {
  bootstrapInterval,
  type BootstrapInterval,
  type Interval,
  type TypeInterval,
} from './bootstrapInterval.ts'
export { commonBudget } from './commonBudget.ts'
export { comparePaired, type PairedComparison } from './comparePaired.ts'
export {
  alignErrors,
  type ErrorTable,
  measureErrors,
  mergeErrorTables,
  scoreErrors,
} from './errorTable.ts'
export { EvalError } from './EvalError.ts'
export { formatJson } from './formatJson.ts'
export { formatCount, formatHertz, formatScore, formatSeconds } from './formatNumbers.ts'
export { formatMarkdownTable, formatTable } from './formatTable.ts'
export { groupErrors } from './groupErrors.ts'
export { parseJson } from './parseJson.ts'
export { type Ends, percentileInterval } from './percentileInterval.ts'
export {
  type EntryDifference,
  type EntryRank,
  type RankedEntry,
  rankEntries,
  type Ranking,
} from './rankEntries.ts'
export { TABLE_COLUMNS, tableBlock, type TableBlock, type TableRow } from './rankedTable.ts'
export { type ResampleOptions, type Resamples, resampleScores } from './resampleScores.ts'
export {
  errorsFromResult,
  formatResult,
  type MeasuredResult,
  measureResult,
  groupsFromErrors,
  moleculesFromErrors,
  parseResult,
} from './Result.ts'
export { OPEN_DATASETS, type Result, RESULT_SCHEMA_VERSION, resultSchema } from './resultSchema.ts'
export {
  MAE_FLOOR,
  PERFECT_SCORE,
  type Score,
  scorePairs,
  scoreTotals,
  type TypeScore,
} from './score.ts'
export { checkSubmission, formatSubmission, submissionChunks } from './submission.ts'
export { type CostStudy, costSchema } from './study/costSchema.ts'
export { type Curves, curvesSchema } from './study/curvesSchema.ts'
export { type EnsemblesStudy, ensemblesSchema } from './study/ensemblesSchema.ts'
export { type ErrorsStudy, errorsSchema, noiseFloorSchema } from './study/errorsSchema.ts'
export {
  type History,
  type HistorySources,
  historySchema,
  historySourcesSchema,
} from './study/historySchema.ts'
export { historyStudy } from './study/historyStudy.ts'
export { type Medal, medalOf, medalRanks } from './study/medals.ts'
export { type RanksStudy, ranksSchema } from './study/ranksSchema.ts'
export {
  DATASET_STUDIES,
  formatStudy,
  parseStudy,
  STUDY_SCHEMAS,
  type Study,
  type StudyName,
} from './study/Study.ts'
export { STUDY_SCHEMA_VERSION } from './study/studyParts.ts'
export {
  type SizesStudy,
  sizesSchema,
  type SwapsStudy,
  swapsSchema,
  type TransferStudy,
  transferSchema,
} from './study/trainingStudySchemas.ts'
export { blend, type BlendData, medianBlend } from './ensemble/blend.ts'
export { crossFit, type FittedBlend, halfOfRows, type WeightKind } from './ensemble/crossFit.ts'
export { fitWeights, type WeightSearch } from './ensemble/fitWeights.ts'
export { clusterEntries, type EntryTree } from './similarity/clusterEntries.ts'
export { frameMap, type MapFrame } from './similarity/frameMap.ts'
export { type EntryMap, mapEntries } from './similarity/mapEntries.ts'
export { type MoleculeDifficulty, moleculeDifficulty } from './similarity/moleculeDifficulty.ts'
export { residualCorrelation } from './similarity/residualCorrelation.ts'
export { type PairSlice, slicePairs, type SliceProperty } from './study/pairSlices.ts'
export { spreadLabels } from './spreadLabels.ts'
export { type LossPoint, lossPoints } from './study/lossPoints.ts'
export { type ScoreLine, scoreLine } from './study/scoreLine.ts'
export { sortedSwaps } from './study/sortedSwaps.ts'
export { trainedElsewhere } from './trainedElsewhere.ts'
export { trainingCoreSeconds } from './trainingCoreSeconds.ts'
