/**
 * Worker thread of the native runner: holds ONNX Runtime sessions and its shard of the work. One thread per session:
 * faster than threads inside a session, bitwise repeatable, and free of the lost updates of ScatterND with reduction.
 */
import { parentPort, workerData } from 'node:worker_threads'
import ort from 'onnxruntime-node'
import { adamUpdate } from '../adamUpdate.ts'
import type { CompiledGraph } from '../compileGraph.ts'
import { PREFIX } from '../graphNames.ts'
import { objectiveCotangent, objectiveValue } from '../Objective.ts'
import { featureTensors, outputArrays, pick, randomTensors, tensorsOver } from './feeds.ts'
import { barrier, MAXIMUM_STATISTICS } from './SharedState.ts'
import type { WorkerReply, WorkerRequest, WorkerStart } from './workerMessages.ts'

const { rank, provider, seed, shared, slots } = workerData as WorkerStart
const parameterCount = shared.values.length
// ONNX Runtime refuses arrays in shared memory, so parameters and gradients pass through private copies.
const values = new Float32Array(parameterCount)
const gradient = new Float32Array(parameterCount)
const parameterTensors = tensorsOver(ort.Tensor, values, slots, PREFIX.parameter)
const gradientTensors = tensorsOver(ort.Tensor, gradient, slots, PREFIX.gradient)
const sliceFrom = Math.floor((parameterCount * rank) / shared.workers)
const sliceTo = Math.floor((parameterCount * (rank + 1)) / shared.workers)
const sessions = new Map<string, Promise<Session>>()
/** When the last session was ready. */
let loadedAt = 0

interface Session {
  readonly session: ort.InferenceSession
  readonly graph: CompiledGraph
}

// Requests are handled one after the other, so that the order of arithmetic is the order of the requests.
let queue: Promise<void> = Promise.resolve()
parentPort!.on('message', (request: WorkerRequest) => {
  queue = queue.then(() => handle(request))
})

async function handle(request: WorkerRequest): Promise<void> {
  if (request.kind === 'load') {
    const loading = load(request.graph)
    loading.catch(() => undefined) // reported by the request that uses the session
    sessions.set(request.key, loading)
    return
  }
  if (request.kind === 'release') return release(request.key)
  if (request.kind === 'end') {
    for (const key of sessions.keys()) await release(key)
    parentPort!.close()
    return
  }
  let answer: WorkerReply
  try {
    answer = request.kind === 'train' ? await train(request) : await forward(request)
  } catch (error) {
    answer = {
      kind: 'failed',
      id: request.id,
      message: error instanceof Error ? error.message : String(error),
    }
  }
  reply(answer)
}

function reply(answer: WorkerReply): void {
  parentPort!.postMessage(answer)
}

async function release(key: string): Promise<void> {
  const session = await sessions.get(key)?.catch(() => undefined)
  sessions.delete(key)
  await session?.session.release()
}

async function load(graph: CompiledGraph): Promise<Session> {
  const start = performance.now()
  const session = await ort.InferenceSession.create(graph.onnx, {
    executionProviders: [provider],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    enableMemPattern: false, // the same speed with a third of the memory
    logSeverityLevel: 4, // errors are thrown; printing them, too, would only confuse
  })
  // All workers load at the same time, so the time of one is the time of all; graphs are loaded one after the other.
  const end = performance.now()
  if (rank === 0) reply({ kind: 'loaded', seconds: (end - Math.max(start, loadedAt)) / 1000 })
  loadedAt = end
  return { session, graph }
}

async function train(request: WorkerRequest & { kind: 'train' }): Promise<WorkerReply> {
  const { gradientKey, statisticsKey, objective, step, update } = request
  values.set(shared.values)
  const feeds = { ...parameterTensors, ...featureTensors(ort.Tensor, request.features) }
  let totals: number[] = []
  if (statisticsKey !== null) {
    const own =
      gradientKey === null
        ? []
        : await statisticsOf(await sessions.get(statisticsKey)!, feeds, step)
    totals = shareStatistics(own, objective.weights.length)
  }
  let own: ArrayLike<number> = []
  if (gradientKey === null) gradient.fill(0)
  else {
    const { session, graph } = (await sessions.get(gradientKey))!
    const cotangent = objectiveCotangent(objective, totals)
    const inputs = {
      ...feeds,
      ...randomTensors(ort.Tensor, graph, { seed, step, rank }),
      cotangent: new ort.Tensor('float32', cotangent, [cotangent.length]),
    }
    const results = await session.run(pick(inputs, session.inputNames), {
      ...gradientTensors,
      statistics: null,
    })
    own = results['statistics']!.data as Float32Array
  }
  shared.gradients[rank]!.set(gradient)
  if (statisticsKey === null) totals = shareStatistics(own, objective.weights.length)
  else barrier(shared)
  const norm = sumGradients()
  const loss = objectiveValue(objective, totals)
  // Parameters survive a loss that is no number even where its gradient is one (that of |x| is 0 at NaN).
  const gradientNorm = Number.isFinite(loss) ? norm : NaN
  if (update && Number.isFinite(gradientNorm)) {
    const gradientScale = gradientNorm > update.clipNorm ? update.clipNorm / gradientNorm : 1
    adamUpdate({ ...shared, gradients: shared.total }, sliceFrom, sliceTo, {
      ...update.adam,
      gradientScale,
    })
  }
  barrier(shared) // nobody reads parameters that another worker still updates
  return { kind: 'trained', id: request.id, loss, statistics: totals, gradientNorm }
}

async function statisticsOf(
  { session, graph }: Session,
  feeds: Record<string, ort.Tensor>,
  step: number,
): Promise<Float32Array> {
  const inputs = { ...feeds, ...randomTensors(ort.Tensor, graph, { seed, step, rank }) }
  const results = await session.run(pick(inputs, session.inputNames))
  return results['statistics']!.data as Float32Array
}

/** Adds the workers' statistics in the order of their ranks, so that every worker gets the same totals. */
function shareStatistics(own: ArrayLike<number>, count: number): number[] {
  for (let k = 0; k < count; k++) shared.statistics[rank * MAXIMUM_STATISTICS + k] = own[k] ?? 0
  barrier(shared)
  const totals = Array.from({ length: count }, (_, k) => {
    let total = 0
    for (let worker = 0; worker < shared.workers; worker++) {
      total += shared.statistics[worker * MAXIMUM_STATISTICS + k]!
    }
    return total
  })
  barrier(shared) // the next step must not overwrite what another worker still reads
  return totals
}

/** Sums this worker's slice of all gradients and returns the norm of the whole. */
function sumGradients(): number {
  const { gradients, total, squares, workers } = shared
  total.set(gradients[0]!.subarray(sliceFrom, sliceTo), sliceFrom)
  for (let worker = 1; worker < workers; worker++) {
    const other = gradients[worker]!
    for (let index = sliceFrom; index < sliceTo; index++) total[index]! += other[index]!
  }
  let sum = 0
  for (let index = sliceFrom; index < sliceTo; index++) sum += total[index]! * total[index]!
  squares[rank] = sum
  barrier(shared)
  return Math.sqrt(squares.reduce((all, part) => all + part, 0))
}

async function forward(request: WorkerRequest & { kind: 'forward' }): Promise<WorkerReply> {
  values.set(request.weights === 'averages' ? shared.averages : shared.values)
  const { session } = (await sessions.get(request.key))!
  const feeds = { ...parameterTensors, ...featureTensors(ort.Tensor, request.features) }
  const results = await session.run(pick(feeds, session.inputNames))
  return { kind: 'outputs', id: request.id, outputs: outputArrays(results) }
}
