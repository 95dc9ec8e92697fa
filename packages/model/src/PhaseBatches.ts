import { selectMolecules, type MoleculeTable } from '@couplet/data'
import type { HostArrays, Objective } from '@couplet/engine'
import { featuresOf } from './batchMemory.ts'
import { Buckets, epochBatches, type AxisSizes } from './batches.ts'
import { lossObjective, lossTargets } from './couplingLoss.ts'
import type { Bucket, Config, NetworkModel, State } from './Model.ts'
import type { Phase } from './Recipe.ts'
import { rotateMolecules } from './rotateMolecules.ts'
import { pairsOfTypes } from './typeScale.ts'

/** The arrays of one step. */
export interface PreparedBatch {
  /** Features and targets of each worker's shard. */
  readonly shards: readonly HostArrays[]
  /** The loss as a function of the shards' summed statistics. */
  readonly objective: Objective
  /** Molecules in all shards together. */
  readonly molecules: number
}

/** Everything of a phase that does not depend on the weights: which molecules in which step, in which shape. */
export class PhaseBatches {
  readonly #prepare: (step: number) => PreparedBatch
  readonly #buckets: Buckets

  constructor(
    model: NetworkModel,
    train: MoleculeTable,
    state: State,
    config: Config,
    phase: Phase,
    { sizes, seed, workers }: { sizes: AxisSizes; seed: number; workers: number },
  ) {
    const batchesOf = (epoch: number): number[][][] =>
      epochBatches(sizes, phase.batch, workers, epochSeed(seed, epoch))
    this.#buckets = Buckets.from(sizes, [0, 1, 2, 3].flatMap(batchesOf).flat())
    // Not the counts of the state's scale: the state may come from a training on other molecules.
    const drawnFrom = {
      molecules: train.names.length,
      pairsOfTypes: pairsOfTypes(train.pairTypes),
    }
    const perEpoch = Math.ceil(train.names.length / phase.batch)
    let epoch = -1
    let batches: number[][][] = []
    let molecules = train
    this.#prepare = (step) => {
      if (Math.floor(step / perEpoch) !== epoch) {
        epoch = Math.floor(step / perEpoch)
        batches = batchesOf(epoch)
        if (phase.augmentation === 'rotation') {
          molecules = rotateMolecules(train, epochSeed(seed, epoch))
        }
      }
      const groups = batches[step % perEpoch]!
      const tables = groups.map((group) => selectMolecules(molecules, group))
      const shards = groups.map((group, shard) => {
        const bucket = this.#buckets.bucketFor(sizes, group)
        return arraysOf(model, tables[shard]!, state, config, phase, bucket)
      })
      const pairTypes = Uint8Array.from(tables.flatMap((table) => [...table.pairTypes]))
      const count = groups.reduce((sum, group) => sum + group.length, 0)
      const objective = lossObjective(phase.loss, { molecules: count, pairTypes }, drawnFrom)
      return { shards, objective, molecules: count }
    }
  }

  /** The arrays of a step of this phase. */
  prepare(step: number): PreparedBatch {
    return this.#prepare(step)
  }

  /** Share of rows so far that is padding. */
  get padding(): number {
    return this.#buckets.padding
  }

  /** Number of shapes in use. */
  get bucketCount(): number {
    return this.#buckets.used
  }
}

function arraysOf(
  model: NetworkModel,
  molecules: MoleculeTable,
  state: State,
  config: Config,
  phase: Phase,
  bucket: Bucket,
): HostArrays {
  return {
    ...featuresOf(model, molecules, state, config, bucket),
    ...lossTargets(molecules, state.scale, phase.loss, bucket),
  }
}

/** A seed of its own for every epoch of every run. */
function epochSeed(seed: number, epoch: number): number {
  return (Math.imul(seed, 1_000_003) + epoch) | 0
}
