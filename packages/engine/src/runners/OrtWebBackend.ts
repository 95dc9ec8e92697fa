import type { HostArrays } from '../arrays.ts'
import type { CompiledGraph } from '../compileGraph.ts'
import { EngineError } from '../EngineError.ts'
import { firstLine } from '../firstLine.ts'
import { PREFIX } from '../graphNames.ts'
import { asMemoryError } from '../memoryErrors.ts'
import type { Network } from '../Network.ts'
import { compileNetwork, graphKey, type GraphKind } from '../networkGraph.ts'
import { checkObjective, objectiveCotangent, type Objective } from '../Objective.ts'
import type { ParameterStore } from '../ParameterStore.ts'
import { WebSession, WebTensor, type WebOptions } from '../WebSession.ts'
import {
  featureTensors,
  outputArrays,
  randomTensors,
  tensorsOver,
  type OrtTensors,
} from './feeds.ts'
import type { Shard, ShardBackend } from './SerialRunner.ts'

/** Graphs kept; the one unused for longest makes room. */
const MAXIMUM_GRAPHS = 24

/** A graph that is ready to run. */
interface Loaded {
  readonly graph: CompiledGraph
  readonly session: WebSession
}

/** Compiled graphs on the WebAssembly kernels of ONNX Runtime: in browsers, and where Node has no native ones. */
export class OrtWebBackend implements ShardBackend {
  readonly compiled = { graphs: 0, seconds: 0 }
  readonly #network: Network
  readonly #store: ParameterStore
  readonly #seed: number
  readonly #options: WebOptions
  /** By key; the graph used last stands last. */
  readonly #graphs = new Map<string, Loaded>()

  /** @param seed of the random numbers of training. */
  constructor(network: Network, store: ParameterStore, seed: number, options: WebOptions = {}) {
    this.#network = network
    this.#store = store
    this.#seed = seed
    this.#options = options
  }

  async statistics(shard: Shard): Promise<ArrayLike<number>> {
    const loaded = await this.#graphFor('statistics', shard.features)
    const { statistics } = await run(loaded, this.#trainingFeeds(loaded, shard))
    return statistics!.data as Float32Array
  }

  async addGradient(
    shard: Shard,
    objective: Objective,
    total: Float32Array,
    totals?: ArrayLike<number>,
  ): Promise<ArrayLike<number>> {
    const loaded = await this.#graphFor('gradient', shard.features)
    checkObjective(objective, statisticsCount(loaded))
    const known = totals ?? (objective.kind === 'log' ? await this.statistics(shard) : [])
    const cotangent = objectiveCotangent(objective, known)
    const results = await run(loaded, {
      ...this.#trainingFeeds(loaded, shard),
      cotangent: new WebTensor('float32', cotangent, [cotangent.length]),
    })
    for (const { name, offset, size, trainable } of this.#store.slots) {
      if (!trainable) continue
      const values = results[PREFIX.gradient + name]!.data as Float32Array
      for (let k = 0; k < size; k++) total[offset + k]! += values[k]!
    }
    return results['statistics']!.data as Float32Array
  }

  async forward(features: HostArrays, weights: 'values' | 'averages'): Promise<HostArrays> {
    const loaded = await this.#graphFor('forward', features)
    return outputArrays(await run(loaded, this.#feeds(features, this.#store[weights])))
  }

  async close(): Promise<void> {
    const open = [...this.#graphs.values()]
    this.#graphs.clear()
    for (const { session } of open) await session.close()
  }

  #trainingFeeds({ graph }: Loaded, { features, step, rank }: Shard): OrtTensors {
    return {
      ...this.#feeds(features, this.#store.values),
      ...randomTensors(WebTensor, graph, { seed: this.#seed, step, rank }),
    }
  }

  #feeds(features: HostArrays, vector: Float32Array): OrtTensors {
    // ONNX Runtime refuses arrays in shared memory, where the store's vectors may lie.
    const values = Float32Array.from(vector)
    return {
      ...tensorsOver(WebTensor, values, this.#store.slots, PREFIX.parameter),
      ...featureTensors(WebTensor, features),
    }
  }

  async #graphFor(kind: GraphKind, features: HostArrays): Promise<Loaded> {
    const key = graphKey(kind, features)
    const known = this.#graphs.get(key)
    if (known) {
      this.#graphs.delete(key)
      this.#graphs.set(key, known)
      return known
    }
    const start = performance.now()
    const loaded = await this.#compile(kind, features)
    this.compiled.graphs += 1
    this.compiled.seconds += (performance.now() - start) / 1000
    if (this.#graphs.size >= MAXIMUM_GRAPHS) {
      const [oldest, { session }] = this.#graphs.entries().next().value!
      this.#graphs.delete(oldest)
      await session.close()
    }
    this.#graphs.set(key, loaded)
    return loaded
  }

  async #compile(kind: GraphKind, features: HostArrays): Promise<Loaded> {
    try {
      const graph = compileNetwork(kind, this.#network, this.#store.slots, features)
      return { graph, session: await WebSession.create(graph.onnx, this.#options) }
    } catch (error) {
      throw asMemoryError(error, 'while a network was compiled')
    }
  }
}

function statisticsCount({ graph }: Loaded): number {
  return graph.outputs.find(({ name }) => name === 'statistics')!.shape[0]!
}

async function run({ session }: Loaded, feeds: OrtTensors): Promise<Readonly<OrtTensors>> {
  try {
    return await session.run(feeds)
  } catch (error) {
    const memory = asMemoryError(error, 'in the WebAssembly heap, which ends at 4 GiB')
    if (memory instanceof EngineError) throw memory
    throw new EngineError(
      `the graph failed: ${firstLine(error)}. Check the features: are all indices in range?`,
    )
  }
}
