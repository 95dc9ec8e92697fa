/**
 * Worker thread of the native runner: holds ONNX Runtime sessions and its shard of the work. One thread per session:
 * faster than threads inside a session, bitwise repeatable, and free of the lost updates of ScatterND with reduction.
 */
import { parentPort, workerData } from 'node:worker_threads'
import ort from 'onnxruntime-node'
import { sizeOf } from '../arrays.ts'
import type { CompiledGraph } from '../compileGraph.ts'
import { PREFIX } from '../graphNames.ts'
import { objectiveCotangent, objectiveValue } from '../Objective.ts'
import { optimiserUpdate } from '../optimiserUpdate.ts'
import {
  featureTensors,
  outputArrays,
  pick,
  randomTensors,
  tensorsOver,
  type OrtTensors,
} from './feeds.ts'
import { SESSION_OPTIONS } from './sessionOptions.ts'
import { barrier, MAXIMUM_STATISTICS } from './SharedState.ts'
import type { WorkerReply, WorkerRequest, WorkerStart } from './workerMessages.ts'

const { rank, provider, seed, shared, slots } = workerData as WorkerStart
const trainable = shared.total.length
// ONNX Runtime refuses arrays in shared memory, so parameters and gradients pass through private copies.
const values = new Float32Array(shared.values.length)
const gradient = new Float32Array(trainable)
const parameterTensors = tensorsOver(ort.Tensor, values, slots, PREFIX.parameter)
const trained = slots.filter((slot) => slot.trainable)
const gradientTensors = tensorsOver(ort.Tensor, gradient, trained, PREFIX.gradient)
const sliceFrom = Math.floor((trainable * rank) / shared.workers)
const sliceTo = Math.floor((trainable * (rank + 1)) / shared.workers)
const sessions = new Map<string, Promise<Session>>()
/** When the last session was ready. */
let loadedAt = 0

interface Session {
  readonly session: ort.InferenceSession
  readonly graph: CompiledGraph
  /** The second graph where training is compiled in two. */
  readonly backward?: Session
}

/** What forward passes save for their backward passes: one memory for all graphs, because one pass is under way at a time. */
let saved = new ArrayBuffer(0)

// Requests are handled one after the other, so that the order of arithmetic is the order of the requests.
let queue: Promise<void> = Promise.resolve()
parentPort!.on('message', (request: WorkerRequest) => {
  queue = queue.then(() => handle(request))
})

async function handle(request: WorkerRequest): Promise<void> {
  if (request.kind === 'load') {
    const loading = load(request)
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
  await session?.backward?.session.release()
}

async function load({
  graph,
  backward,
}: Pick<WorkerRequest & { kind: 'load' }, 'graph' | 'backward'>): Promise<Session> {
  const start = performance.now()
  const first = { graph, session: await createSession(graph) }
  const second = backward && { graph: backward, session: await createSession(backward) }
  // All workers load at the same time, so the time of one is the time of all; graphs are loaded one after the other.
  const end = performance.now()
  if (rank === 0) reply({ kind: 'loaded', seconds: (end - Math.max(start, loadedAt)) / 1000 })
  loadedAt = end
  return second ? { ...first, backward: second } : first
}

function createSession({ onnx }: CompiledGraph): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(onnx, { executionProviders: [provider], ...SESSION_OPTIONS })
}

async function train(request: WorkerRequest & { kind: 'train' }): Promise<WorkerReply> {
  const { gradientKey, statisticsKey, objective, step, update } = request
  const count = objective.weights.length
  const needsTotals = objective.kind === 'log'
  values.set(shared.values)
  const feeds = { ...parameterTensors, ...featureTensors(ort.Tensor, request.features) }
  const main = gradientKey === null ? undefined : await sessions.get(gradientKey)!
  const inputs = main ? { ...feeds, ...randomNumbers(main, step) } : feeds

  let own: ArrayLike<number> = []
  const kept = main?.backward ? savedTensors(main.graph) : {}
  if (main?.backward) {
    const results = await run(main, inputs, { ...kept, statistics: null })
    own = results['statistics']!.data as Float32Array
  } else if (statisticsKey !== null) {
    const results = await run((await sessions.get(statisticsKey))!, inputs)
    own = results['statistics']!.data as Float32Array
  }
  let totals = needsTotals ? shareStatistics(own, count) : []
  if (!main) gradient.fill(0)
  else {
    const cotangent = objectiveCotangent(objective, totals)
    const all = { ...inputs, ...kept, cotangent: new ort.Tensor('float32', cotangent, [count]) }
    if (main.backward) {
      await run(main.backward, all, gradientTensors)
    } else {
      const results = await run(main, all, { ...gradientTensors, statistics: null })
      own = results['statistics']!.data as Float32Array
    }
  }
  shared.gradients[rank]!.set(gradient)
  if (needsTotals) barrier(shared)
  else totals = shareStatistics(own, count)
  const norm = sumGradients()
  const loss = objectiveValue(objective, totals)
  // Parameters survive a loss that is no number even where its gradient is one (that of |x| is 0 at NaN).
  const gradientNorm = Number.isFinite(loss) ? norm : NaN
  if (update && Number.isFinite(gradientNorm)) {
    const gradientScale = gradientNorm > update.clipNorm ? update.clipNorm / gradientNorm : 1
    const vectors = { ...shared, gradients: shared.total }
    optimiserUpdate(vectors, trained, sliceFrom, sliceTo, { ...update.adam, gradientScale })
  }
  barrier(shared) // nobody reads parameters that another worker still updates
  return { kind: 'trained', id: request.id, loss, statistics: totals, gradientNorm }
}

function run(
  { session }: Session,
  feeds: OrtTensors,
  outputs?: Record<string, ort.Tensor | null>,
): Promise<OrtTensors> {
  const inputs = pick(feeds, session.inputNames)
  return outputs ? session.run(inputs, outputs) : session.run(inputs)
}

/** The random inputs of a graph and its backward pass, which may read the same ones. */
function randomNumbers({ graph, backward }: Session, step: number): OrtTensors {
  const inputs = new Map(
    [...graph.inputs, ...(backward?.graph.inputs ?? [])].map((input) => [input.name, input]),
  )
  return randomTensors(ort.Tensor, { inputs: [...inputs.values()] }, { seed, step, rank })
}

/** Places in the common memory for what a forward pass saves, which grows to the largest graph. */
function savedTensors({ outputs }: CompiledGraph): OrtTensors {
  const kept = outputs.filter(({ name }) => name.startsWith(PREFIX.saved))
  const sizes = kept.map(({ shape }) => 16 * Math.ceil(sizeOf(shape) / 16)) // whole cache lines
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (saved.byteLength < 4 * total) saved = new ArrayBuffer(4 * total)
  let from = 0
  return Object.fromEntries(
    kept.map(({ name, shape }, k) => {
      const data = new Float32Array(saved, 4 * from, sizeOf(shape))
      from += sizes[k]!
      return [name, new ort.Tensor('float32', data, shape)]
    }),
  )
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
  for (let worker = 1; worker < workers - 1; worker++) {
    const other = gradients[worker]!
    for (let index = sliceFrom; index < sliceTo; index++) total[index]! += other[index]!
  }
  // The squares are of what the vector of floats holds; summing them with the last addition saves a pass.
  const last = workers > 1 ? gradients[workers - 1]! : undefined
  let sum = 0
  for (let index = sliceFrom; index < sliceTo; index++) {
    if (last) total[index]! += last[index]!
    sum += total[index]! * total[index]!
  }
  squares[rank] = sum
  barrier(shared)
  return Math.sqrt(squares.reduce((all, part) => all + part, 0))
}

async function forward(request: WorkerRequest & { kind: 'forward' }): Promise<WorkerReply> {
  values.set(request.weights === 'averages' ? shared.averages : shared.values)
  const feeds = { ...parameterTensors, ...featureTensors(ort.Tensor, request.features) }
  const results = await run((await sessions.get(request.key))!, feeds)
  return { kind: 'outputs', id: request.id, outputs: outputArrays(results) }
}
