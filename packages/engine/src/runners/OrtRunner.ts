import { Worker } from 'node:worker_threads'
import { checkUpdate, checkWeights } from '../checkUpdate.ts'
import { checkArrays, type HostArrays } from '../arrays.ts'
import { EngineError } from '../EngineError.ts'
import type { Network } from '../Network.ts'
import type { CompiledGraph } from '../compileGraph.ts'
import { asMemoryError } from '../memoryErrors.ts'
import { compileNetwork, compileTraining, graphKey, type GraphKind } from '../networkGraph.ts'
import { checkObjective, type Objective } from '../Objective.ts'
import type { ParameterStore } from '../ParameterStore.ts'
import type { OrtRunnerName, Runner, StepReport, TrainingStep } from '../Runner.ts'
import {
  abortBarrier,
  createSharedState,
  MAXIMUM_STATISTICS,
  type SharedState,
} from './SharedState.ts'
import type { WorkerReply, WorkerRequest, WorkerStart } from './workerMessages.ts'

/** Graphs kept per runner; the one unused for longest makes room. */
const MAXIMUM_GRAPHS = 24
/** Milliseconds that a worker gets to end by itself. */
const PATIENCE = 10_000

/** ONNX Runtime's name of what each runner computes on; operators that a graphics card lacks run on the processor. */
const PROVIDERS = { ort: 'cpu', 'ort-webgpu': 'webgpu', 'ort-cuda': 'cuda' } as const

/** Settings of the native runner. */
export interface OrtRunnerOptions {
  /** What its kernels run on: `ort` the processor, `ort-webgpu` and `ort-cuda` a graphics card. */
  readonly name: OrtRunnerName
  /** Worker threads, one ONNX Runtime thread each; one for a graphics card, which is not shared out. */
  readonly workers: number
  /** Seed of the random numbers of training. */
  readonly seed: number
  /** First step number: continues the stream of random numbers after a resume. */
  readonly firstStep: number
  /** Why this runner was chosen. */
  readonly reason: string
  /** Whether to call ONNX Runtime's library directly where that is possible, the default; false is for tests. */
  readonly direct?: boolean
}

/** A worker thread and its end. */
interface Member {
  readonly worker: Worker
  /** Fulfilled when the thread has ended, for whatever reason. */
  readonly ended: Promise<void>
}

/** A request to one worker, its number left to the runner. */
type Question = WorkerRequest extends infer R
  ? R extends { readonly id: number }
    ? Omit<R, 'id'>
    : never
  : never

/**
 * Compiled graphs on ONNX Runtime's native kernels, in data-parallel worker threads: every worker computes the
 * gradient of its shard, then updates its own slice of the parameters in shared memory.
 */
export class OrtRunner implements Runner {
  readonly name: OrtRunnerName
  readonly reason: string
  readonly workers: number
  readonly compiled = { graphs: 0, seconds: 0 }
  readonly #network: Network
  readonly #store: ParameterStore
  readonly #shared: SharedState
  readonly #pool: Member[]
  /** Number of statistics of every graph that the workers hold, by key; the key used last stands last. */
  readonly #graphs = new Map<string, number>()
  readonly #waiting = new Map<number, (reply: WorkerReply | Error) => void>()
  #step: number
  #nextId = 0
  #nextWorker = 0
  #failure: Error | undefined
  #closing: Promise<void> | undefined

  /** Starts the workers; they load ONNX Runtime while the first graph is compiled. */
  constructor(network: Network, store: ParameterStore, options: OrtRunnerOptions) {
    this.#network = network
    this.#store = store
    this.name = options.name
    this.reason = options.reason
    this.workers = options.workers
    this.#step = options.firstStep
    this.#shared = shareState(store, options.workers)
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    this.#pool = Array.from({ length: options.workers }, (_, rank) => {
      const workerData: WorkerStart = {
        rank,
        provider: PROVIDERS[options.name],
        direct: options.direct ?? true,
        seed: options.seed,
        shared: this.#shared,
        slots: store.slots,
      }
      const worker = new Worker(new URL(`./ortWorker.${extension}`, import.meta.url), {
        workerData,
        execArgv: [],
      })
      worker.on('message', (reply: WorkerReply) => this.#settle(reply))
      worker.on('error', (error) => this.#fail(asMemoryError(error, 'in a worker') as Error))
      worker.on('exit', (code) => this.#fail(new Error(`worker ${rank} ended with code ${code}`)))
      worker.unref()
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
      return { worker, ended }
    })
  }

  async train(step: TrainingStep): Promise<StepReport> {
    checkUpdate(step)
    const { adam, clipNorm } = step
    return this.#runShards(step.shards, step.objective, { adam, clipNorm })
  }

  async gradient(
    shards: readonly HostArrays[],
    objective: Objective,
  ): Promise<{ loss: number; gradient: Float32Array }> {
    const { loss } = await this.#runShards(shards, objective)
    return { loss, gradient: Float32Array.from(this.#shared.total) }
  }

  async forward(features: HostArrays, weights: 'values' | 'averages'): Promise<HostArrays> {
    checkWeights(weights)
    const key = this.#graphFor('forward', features)
    const { worker } = this.#pool[this.#nextWorker++ % this.workers]!
    const reply = await this.#ask(worker, { kind: 'forward', key, features, weights })
    if (reply.kind !== 'outputs') throw new EngineError(`a worker answered ${reply.kind}`)
    return reply.outputs
  }

  close(): Promise<void> {
    this.#closing ??= this.#endWorkers()
    return this.#closing
  }

  async #endWorkers(): Promise<void> {
    this.#failure ??= new EngineError('the runner was closed. Make a new one to go on.')
    // A step under way is in the queue of every worker, before the request to end: all finish it, so that no parameter
    // is left half updated. A worker that dies meanwhile releases the others in `#fail`.
    await Promise.all(this.#pool.map(endWorker))
    this.#giveUp(this.#failure)
  }

  async #runShards(
    shards: readonly HostArrays[],
    objective: Objective,
    update?: Pick<TrainingStep, 'adam' | 'clipNorm'>,
  ): Promise<StepReport> {
    if (shards.length > this.workers) {
      throw new EngineError(
        `a step has ${shards.length} shards but the runner ${this.workers} workers. Split the batch into at most ${this.workers}.`,
      )
    }
    if (shards.length === 0) {
      throw new EngineError('a step has no shards. Give it at least one batch.')
    }
    const step = this.#step++
    // Two graphs save the second forward pass of the objectives that need totals, for the price of copying what the
    // backward pass needs. Between two graphs on a graphics card all that would cross to the processor and back.
    const needsTotals = objective.kind === 'log'
    const inTwo = needsTotals && this.name === 'ort'
    const needsStatistics = needsTotals && !inTwo
    // All graphs first: where one cannot be compiled, no worker must wait for the others.
    const keys = shards.map((features) => ({
      gradient: this.#graphFor(inTwo ? 'training' : 'gradient', features, objective),
      statistics: needsStatistics ? this.#graphFor('statistics', features, objective) : null,
    }))
    const replies = await Promise.all(
      this.#pool.map(({ worker }, rank) => {
        const key = keys[rank]
        return this.#ask(worker, {
          kind: 'train',
          gradientKey: key?.gradient ?? null,
          statisticsKey: key?.statistics ?? null,
          features: shards[rank] ?? {},
          objective,
          step,
          ...(update ? { update } : {}),
        })
      }),
    )
    const reply = replies[0]!
    if (reply.kind !== 'trained') throw new EngineError(`a worker answered ${reply.kind}`)
    return { loss: reply.loss, statistics: reply.statistics, gradientNorm: reply.gradientNorm }
  }

  /** Key of the graph for features of these shapes; compiles it and hands it to every worker where it is new. */
  #graphFor(kind: GraphKind | 'training', features: HostArrays, objective?: Objective): string {
    if (this.#failure) throw this.#failure
    checkArrays(features)
    const key = graphKey(kind, features)
    const known = this.#graphs.get(key)
    if (known !== undefined) {
      if (objective) checkObjective(objective, known)
      this.#graphs.delete(key)
      this.#graphs.set(key, known)
      return key
    }
    const start = performance.now()
    const { graph, backward } = this.#compile(kind, features)
    this.compiled.graphs += backward ? 2 : 1
    this.compiled.seconds += (performance.now() - start) / 1000
    const statistics = graph.outputs.find(({ name }) => name === 'statistics')?.shape[0] ?? 0
    if (objective) checkObjective(objective, statistics)
    if (statistics > MAXIMUM_STATISTICS) {
      throw new EngineError(
        `the network computes ${statistics} statistics, but at most ${MAXIMUM_STATISTICS} are possible. Sum some of them in the network.`,
      )
    }
    // One step may use two keys per worker.
    if (this.#graphs.size >= Math.max(MAXIMUM_GRAPHS, 2 * this.workers)) {
      const oldest = this.#graphs.keys().next().value!
      this.#graphs.delete(oldest)
      this.#tellAll({ kind: 'release', key: oldest })
    }
    this.#graphs.set(key, statistics)
    this.#tellAll({ kind: 'load', key, graph, ...(backward ? { backward } : {}) })
    return key
  }

  #compile(
    kind: GraphKind | 'training',
    features: HostArrays,
  ): { readonly graph: CompiledGraph; readonly backward?: CompiledGraph } {
    try {
      const { slots } = this.#store
      if (kind === 'training') {
        const { forward, backward } = compileTraining(this.#network, slots, features)
        return { graph: forward, backward }
      }
      // The fused products of ONNX Runtime have no WebGPU kernel: the processor would compute them, with copies there and back.
      const portable = this.name === 'ort-webgpu'
      return { graph: compileNetwork(kind, this.#network, slots, features, { portable }) }
    } catch (error) {
      throw asMemoryError(error, 'while a network was compiled')
    }
  }

  #tellAll(request: WorkerRequest): void {
    for (const { worker } of this.#pool) worker.postMessage(request)
  }

  #ask(worker: Worker, question: Question): Promise<WorkerReply> {
    if (this.#failure) return Promise.reject(this.#failure)
    const id = this.#nextId++
    // The process stays alive while an answer is due.
    if (this.#waiting.size === 0) for (const member of this.#pool) member.worker.ref()
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (reply) => {
        if (reply instanceof Error) reject(reply)
        else resolve(reply)
      })
      worker.postMessage({ ...question, id })
    })
  }

  #settle(reply: WorkerReply): void {
    if (reply.kind === 'loaded') {
      this.compiled.seconds += reply.seconds
      return
    }
    if (reply.kind === 'failed') {
      const error = asMemoryError(new Error(reply.message), 'in a worker')
      this.#fail(
        error instanceof EngineError
          ? error
          : new EngineError(
              `a worker failed: ${reply.message}. Check the features (are all indices in range?), then make a new runner.`,
            ),
      )
      return
    }
    this.#waiting.get(reply.id)?.(reply)
    this.#waiting.delete(reply.id)
    if (this.#waiting.size === 0) for (const { worker } of this.#pool) worker.unref()
  }

  /** One broken worker ends the runner: the others may wait for it for ever. */
  #fail(error: Error): void {
    // Also where a worker breaks off while the runner is closed. One that ended as it should is waited for by nobody.
    abortBarrier(this.#shared)
    if (this.#failure) return
    this.#failure =
      error instanceof EngineError
        ? error
        : new EngineError(
            `a worker broke off: ${error.message}. Make a new runner, with fewer workers if memory ran out.`,
          )
    this.#giveUp(this.#failure)
  }

  #giveUp(failure: Error): void {
    for (const settle of this.#waiting.values()) settle(failure)
    this.#waiting.clear()
    for (const { worker } of this.#pool) worker.unref()
  }
}

function shareState(store: ParameterStore, workers: number): SharedState {
  try {
    return createSharedState(store, workers)
  } catch (error) {
    throw asMemoryError(error, `for the gradients of ${workers} workers`)
  }
}

/**
 * Lets a worker release its sessions and end by itself: terminating a thread inside ONNX Runtime can abort the process. Only
 * one that does not answer is terminated.
 */
async function endWorker({ worker, ended }: Member): Promise<void> {
  const timer = setTimeout(() => void worker.terminate(), PATIENCE)
  worker.ref()
  worker.postMessage({ kind: 'end' } satisfies WorkerRequest)
  await ended
  clearTimeout(timer)
}
