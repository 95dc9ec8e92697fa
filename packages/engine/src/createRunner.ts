import { availableParallelism } from 'node:os'
import type { Availability } from './Availability.ts'
import { EngineError } from './EngineError.ts'
import { automaticRunners, findRunner, runnerNames } from './findRunners.ts'
import type { Network } from './Network.ts'
import type { ParameterStore } from './ParameterStore.ts'
import type { EagerRunnerName, Runner, RunnerName } from './Runner.ts'
import type { TrainingOptions } from './TrainingOptions.ts'
import { EagerBackend } from './runners/EagerBackend.ts'
import { OrtRunner } from './runners/OrtRunner.ts'
import { SerialRunner } from './runners/SerialRunner.ts'

/** How to run a network. */
export interface RunnerOptions extends TrainingOptions {
  /**
   * Which backend; `auto` (the default) takes the first that works of tfjs-node-gpu with a GPU, ort, ort-web, tfjs-wasm, tfjs-cpu, and
   * neither ort-webgpu nor ort-cuda.
   */
  readonly runner?: RunnerName | 'auto'
  /** Worker threads of the runner `ort`; default: one per core. The others have one. */
  readonly workers?: number
}

/** Names of tfjs for its backends. */
const EAGER: Readonly<Record<EagerRunnerName, string>> = {
  'tfjs-node-gpu': 'tensorflow',
  'tfjs-wasm': 'wasm',
  'tfjs-cpu': 'cpu',
}

/**
 * Makes the runner of a network. The parameters stay in `store`: training changes it in place.
 * @throws EngineError if the wished backend is not available here.
 */
export async function createRunner(
  network: Network,
  store: ParameterStore,
  {
    runner = 'auto',
    workers = availableParallelism(),
    seed = 0,
    firstStep = 1,
  }: RunnerOptions = {},
): Promise<Runner> {
  if (!Number.isInteger(workers) || workers < 1) {
    throw new EngineError(`a runner cannot have ${workers} workers. Use a whole number from 1.`)
  }
  const { runner: name, reason: found } = await chooseRunner(runner)
  const reason = runner === 'auto' ? found : `asked for; ${found}`
  if (name === 'ort' || name === 'ort-webgpu' || name === 'ort-cuda') {
    const threads = name === 'ort' ? workers : 1
    return new OrtRunner(network, store, { name, reason, workers: threads, seed, firstStep })
  }
  if (name === 'ort-web') {
    const { OrtWebBackend } = await import('./runners/OrtWebBackend.ts')
    const backend = new OrtWebBackend(network, store, seed)
    return new SerialRunner(backend, store, { name, reason, firstStep })
  }
  const backend = new EagerBackend(network, store, EAGER[name], seed)
  return new SerialRunner(backend, store, { name, reason, firstStep })
}

/**
 * Loads the first backend that works of those that `auto` may take, or the one that was asked for, and no other.
 * @param find checks one backend.
 * @throws EngineError if it does not work here.
 */
export async function chooseRunner(
  wished: RunnerName | 'auto',
  find: (runner: RunnerName) => Promise<Availability> = findRunner,
): Promise<Availability> {
  const names = wished === 'auto' ? automaticRunners : runnerNames.filter((name) => name === wished)
  let last: Availability | undefined
  for (const name of names) {
    last = await find(name)
    if (last.available) return last
  }
  throw new EngineError(
    `runner ${wished} cannot be used here: ${last?.reason ?? 'there is no such runner'}. Use auto, or one of ${runnerNames.join(', ')}.`,
  )
}
