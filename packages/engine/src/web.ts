export type { AdamStep } from './adamUpdate.ts'
export type { HostArray, HostArrays, Tensors } from './arrays.ts'
export type { Context } from './Context.ts'
export { createWebRunner, type WebRunnerOptions } from './createWebRunner.ts'
export { EngineError } from './EngineError.ts'
export { loadGraph, type LoadedGraph, type LoadedInput } from './loadGraph.ts'
export type { Network } from './Network.ts'
export type { Objective } from './Objective.ts'
export type { Initialiser, Parameter, ParameterSpec } from './ParameterSpec.ts'
export {
  initialiseParameters,
  parameterSlots,
  ParameterStore,
  type ParameterSlot,
} from './ParameterStore.ts'
export type { Runner, RunnerName, StepReport, TrainingStep } from './Runner.ts'
export type { TrainingOptions } from './TrainingOptions.ts'
export type { WebOptions } from './WebSession.ts'
