export { formatCheckpoint, parseCheckpoint } from './checkpoint.ts'
export type { ExportCheck } from './compareExport.ts'
export { exportNetwork, type ExportedNetwork, type ExportOptions } from './exportNetwork.ts'
export {
  featureBatch,
  TYPE_INPUT,
  type Capacity,
  type FeatureBatch,
  type FeatureSource,
} from './featureBatch.ts'
export { fit } from './fit.ts'
export type { FitOptions, FitProgress } from './FitOptions.ts'
export {
  presetConfig,
  type AnyModel,
  type Bucket,
  type Config,
  type Fitted,
  type FittedModel,
  type Model,
  type NetworkModel,
  type Prediction,
  type Preset,
  type Sizes,
  type State,
} from './Model.ts'
export { ModelError } from './ModelError.ts'
export { predict, type PredictOptions } from './predict.ts'
export { formatSafetensors } from './safetensors.ts'
export type { Loss, Phase, Recipe } from './Recipe.ts'
export { parseEntry, type Entry } from './schema.ts'
export { parameterCount, type Trained, type TrainingProgress } from './Trained.ts'
export { typeScale, type TypeScale } from './typeScale.ts'
