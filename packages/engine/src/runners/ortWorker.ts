/**
 * Worker thread of the native runner: holds ONNX Runtime sessions and its shard of the work. One thread per session:
 * faster than threads inside a session, bitwise repeatable, and free of the lost updates of ScatterND with reduction.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { Tensor } from 'onnxruntime-common'
import type { HostArray } from '../arrays.ts'
import { PREFIX } from '../graphNames.ts'
import { objectiveCotangent, objectiveValue } from '../Objective.ts'
import { optimiserUpdate } from '../optimiserUpdate.ts'
import { featureTensors, randomTensors, tensorsOver, type OrtTensors } from './feeds.ts'
import { isHeld, readOperand, type GraphSession, type Operands } from './GraphSession.ts'
import { openRuntime } from './openRuntime.ts'
import { barrier, MAXIMUM_STATISTICS } from './SharedState.ts'
import type { WorkerReply, WorkerRequest, WorkerStart } from './workerMessages.ts'

const { rank, provider, direct, seed, shared, slots } = workerData as WorkerStart
const runtime = await openRuntime(provider, direct)
const parameters = {
  values: parameterArray(shared.values),
  averages: parameterArray(shared.averages),
}
const trainable = shared.total.length
const gradient = runtime.readsSharedMemory ? shared.gradients[rank]! : new Float32Array(trainable)
const trained = slots.filter((slot) => slot.trainable)
const gradientTensors = runtime.keep(tensorsOver(Tensor, gradient, trained, PREFIX.gradient))
const sliceFrom = Math.floor((trainable * rank) / shared.workers)
const sliceTo = Math.floor((trainable * (rank + 1)) / shared.workers)
const sessions = new Map<string, Promise<Session>>()
/** When the last session was ready. */
let loadedAt = 0

interface Session {
  readonly main: GraphSession
  /** The second graph where training is compiled in two. */
  readonly backward?: GraphSession
}

/** Parameters as graphs read them: in shared memory, or a private copy that is brought up to date before. */
function parameterArray(array: Float32Array): { readonly tensors: Operands; refresh(): void } {
  if (runtime.readsSharedMemory) {
    return {
      tensors: runtime.keep(tensorsOver(Tensor, array, slots, PREFIX.parameter)),
      refresh: () => undefined,
    }
  }
  const copy = new Float32Array(array.length)
  return {
    tensors: runtime.keep(tensorsOver(Tensor, copy, slots, PREFIX.parameter)),
    refresh: () => copy.set(array),
  }
}

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
  await session?.main.release()
  await session?.backward?.release()
}

async function load({
  graph,
  backward,
}: Pick<WorkerRequest & { kind: 'load' }, 'graph' | 'backward'>): Promise<Session> {
  const start = performance.now()
  const main = await runtime.createSession(graph)
  const second = backward && (await runtime.createSession(backward))
  // All workers load at the same time, so the time of one is the time of all; graphs are loaded one after the other.
  const end = performance.now()
  if (rank === 0) reply({ kind: 'loaded', seconds: (end - Math.max(start, loadedAt)) / 1000 })
  loadedAt = end
  return second ? { main, backward: second } : { main }
}

async function train(request: WorkerRequest & { kind: 'train' }): Promise<WorkerReply> {
  const { gradientKey, statisticsKey, objective, step, update } = request
  const count = objective.weights.length
  const needsTotals = objective.kind === 'log'
  parameters.values.refresh()
  const feeds = { ...parameters.values.tensors, ...featureTensors(Tensor, request.features) }
  const session = gradientKey === null ? undefined : await sessions.get(gradientKey)!
  const inputs = session ? { ...feeds, ...randomNumbers(session, step) } : feeds

  let own: ArrayLike<number> = []
  let saved: Operands = {}
  if (session?.backward) {
    const { statistics, ...others } = await session.main.run(inputs)
    own = readOperand(statistics!)
    saved = others
  } else if (statisticsKey !== null) {
    const { statistics } = await (await sessions.get(statisticsKey))!.main.run(inputs)
    own = readOperand(statistics!)
  }
  let totals = needsTotals ? shareStatistics(own, count) : []
  if (!session) gradient.fill(0)
  else {
    const cotangent = new Tensor('float32', objectiveCotangent(objective, totals), [count])
    const all = { ...inputs, ...saved, cotangent }
    if (session.backward) {
      await session.backward.run(all, gradientTensors)
      for (const operand of Object.values(saved)) if (isHeld(operand)) operand.release()
    } else {
      const { statistics } = await session.main.run(all, gradientTensors)
      own = readOperand(statistics!)
    }
  }
  if (gradient !== shared.gradients[rank]) shared.gradients[rank]!.set(gradient)
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

/** The random inputs of a graph and its backward pass, which may read the same ones. */
function randomNumbers({ main, backward }: Session, step: number): OrtTensors {
  const inputs = new Map(
    [...main.graph.inputs, ...(backward?.graph.inputs ?? [])].map((input) => [input.name, input]),
  )
  return randomTensors(Tensor, { inputs: [...inputs.values()] }, { seed, step, rank })
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
  const weights = parameters[request.weights]
  weights.refresh()
  const { main } = (await sessions.get(request.key))!
  const results = await main.run({
    ...weights.tensors,
    ...featureTensors(Tensor, request.features),
  })
  const outputs = main.graph.outputs.map(({ name, shape }): [string, HostArray] => [
    name.slice(PREFIX.output.length),
    { shape, data: readOperand(results[name]!) },
  ])
  return { kind: 'outputs', id: request.id, outputs: Object.fromEntries(outputs) }
}
