export type { AdamStep } from './adamUpdate.ts'
export type { HostArray, HostArrays, Tensors } from './arrays.ts'
export {
  compileGraph,
  type CompiledGraph,
  type CompileOptions,
  type GraphBuilder,
  type GraphInput,
} from './compileGraph.ts'
export type { Context } from './Context.ts'
export { createRunner, type RunnerOptions } from './createRunner.ts'
export { EngineError } from './EngineError.ts'
export type { Availability, Finding } from './Availability.ts'
export { automaticRunners, findRunner, findRunners, runnerNames } from './findRunners.ts'
export {
  exportGraph,
  type ExportedGraph,
  type ExportedPort,
  type ExportSource,
} from './export/exportGraph.ts'
export type { AxisLengths } from './export/lengthExpression.ts'
export { openOnnx, type OnnxSession } from './export/openOnnx.ts'
export { mendGradients } from './mendGradients.ts'
export { mendWasmKernels } from './mendWasmKernels.ts'
export type { Network } from './Network.ts'
export type { Objective } from './Objective.ts'
export type { OnnxDescription } from './onnxModel.ts'
export type { Initialiser, Parameter, ParameterSpec } from './ParameterSpec.ts'
export {
  initialiseParameters,
  parameterSlots,
  ParameterStore,
  type ParameterSlot,
} from './ParameterStore.ts'
export type { TrainingOptions } from './TrainingOptions.ts'
export type {
  EagerRunnerName,
  OrtRunnerName,
  Runner,
  RunnerName,
  StepReport,
  TrainingStep,
} from './Runner.ts'
