import { availableParallelism } from 'node:os'
import { EngineError } from './EngineError.ts'
import { findRunner, runnerNames, type Availability } from './findRunners.ts'
import type { Network } from './Network.ts'
import type { ParameterStore } from './ParameterStore.ts'
import type { Runner, RunnerName } from './Runner.ts'
import { EagerRunner } from './runners/EagerRunner.ts'
import { OrtRunner } from './runners/OrtRunner.ts'

/** How to run a network. */
export interface RunnerOptions {
  /** Which backend; `auto` (the default) takes the first that works of tfjs-node-gpu with a GPU, ort, tfjs-wasm, tfjs-cpu. */
  readonly runner?: RunnerName | 'auto'
  /** Worker threads of the native runner; default: one per core. */
  readonly workers?: number
  /** Seed of dropout and other random numbers; default 0. */
  readonly seed?: number
  /** Number of the first training step, after a resume; default 1. */
  readonly firstStep?: number
}

/**
 * Makes the runner of a network. The parameters stay in `store`: training changes it in place.
 * @throws EngineError if the wished backend is not available here.
 */
export async function createRunner(
  network: Network,
  store: ParameterStore,
  options: RunnerOptions = {},
): Promise<Runner> {
  const wished = options.runner ?? 'auto'
  const workers = options.workers ?? availableParallelism()
  if (!Number.isInteger(workers) || workers < 1) {
    throw new EngineError(`a runner cannot have ${workers} workers. Use a whole number from 1.`)
  }
  const choice = await choose(wished)
  const reason = wished === 'auto' ? choice.reason : `asked for; ${choice.reason}`
  const seed = options.seed ?? 0
  const firstStep = options.firstStep ?? 1
  if (choice.runner === 'ort') {
    return new OrtRunner(network, store, { workers, seed, firstStep, reason })
  }
  const backends = {
    'tfjs-node-gpu': 'tensorflow',
    'tfjs-wasm': 'wasm',
    'tfjs-cpu': 'cpu',
  } as const
  const backend = backends[choice.runner]
  return new EagerRunner(network, store, { backend, name: choice.runner, reason, seed, firstStep })
}

/** Loads the first backend that works, or the one that was asked for, and no other. */
async function choose(wished: RunnerName | 'auto'): Promise<Availability> {
  const names = wished === 'auto' ? runnerNames : runnerNames.filter((name) => name === wished)
  let last: Availability | undefined
  for (const name of names) {
    last = await findRunner(name)
    if (last.available) return last
  }
  throw new EngineError(
    `runner ${wished} cannot be used here: ${last?.reason ?? 'there is no such runner'}. Use auto, or one of ${runnerNames.join(', ')}.`,
  )
}
