import { createRunner } from '../../src/createRunner.ts'
import type { HostArrays } from '../../src/arrays.ts'
import { initialiseParameters } from '../../src/ParameterStore.ts'
import type { Runner } from '../../src/Runner.ts'
import type { BenchmarkBatch } from '../benchmarkCases.ts'
import { ADAM, type Contestant, type PreparedCase, type Task } from './Contestant.ts'

/** Seed of the initial parameters, also of those that peers read. */
export const SEED = 1

/** `@couplet/engine` with a number of workers, called as its users call it: features go to the workers in every call. */
export class EngineContestant implements Contestant {
  readonly label: string
  readonly isBarred = false
  readonly #workers: 1 | 2
  #prepared: PreparedCase | undefined
  #runner: Runner | undefined
  #step = 0

  constructor(workers: 1 | 2) {
    this.#workers = workers
    this.label = `couplet, ${workers} ${workers === 1 ? 'worker' : 'workers'}`
  }

  async load(prepared: PreparedCase): Promise<void> {
    this.#prepared = prepared
    await this.#restart()
  }

  async losses(steps: number): Promise<number[]> {
    await this.#restart()
    const { batches } = this.#prepared!
    const losses: number[] = []
    for (let step = 0; step < steps; step++) {
      losses.push(await this.#train(batches[step % batches.length]!))
    }
    return losses
  }

  async time(task: Task, calls: number): Promise<number[]> {
    await this.#once(task)
    const times: number[] = []
    for (let call = 0; call < calls; call++) {
      const start = performance.now()
      await this.#once(task)
      times.push(performance.now() - start)
    }
    return times
  }

  async close(): Promise<void> {
    await this.#runner?.close()
    this.#runner = undefined
  }

  async #restart(): Promise<void> {
    await this.close()
    const { network, spec } = this.#prepared!.benchmarkCase
    this.#step = 0
    this.#runner = await createRunner(network, initialiseParameters(spec, SEED), {
      runner: 'ort',
      workers: this.#workers,
    })
  }

  async #once(task: Task): Promise<void> {
    for (const batch of this.#prepared!.batches) {
      if (task === 'train') await this.#train(batch)
      else {
        await Promise.all(
          this.#shards(batch).map((shard) =>
            this.#runner!.forward(withoutWeights(shard), 'values'),
          ),
        )
      }
    }
  }

  async #train(batch: BenchmarkBatch): Promise<number> {
    const { loss } = await this.#runner!.train({
      shards: this.#shards(batch),
      objective: this.#prepared!.benchmarkCase.objective,
      clipNorm: Infinity,
      adam: { ...ADAM, step: ++this.#step, weightDecay: 0, averageDecay: 0.999 },
    })
    return loss
  }

  #shards({ whole, shards }: BenchmarkBatch): readonly HostArrays[] {
    return this.#workers === 1 ? [whole] : shards
  }
}

/** What a prediction has: no loss weights. The targets stay, because their length is the number of graphs. */
function withoutWeights(features: HostArrays): HostArrays {
  return Object.fromEntries(Object.entries(features).filter(([name]) => name !== 'weights'))
}
