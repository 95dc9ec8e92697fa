import type { BenchmarkBatch, BenchmarkCase } from '../benchmarkCases.ts'

/** What is timed: a step of training (forward, backward, Adam) or the outputs alone. */
export type Task = 'train' | 'forward'

/** A case whose arrays lie in memory and, for peers, in files. */
export interface PreparedCase {
  readonly benchmarkCase: BenchmarkCase
  readonly batches: readonly BenchmarkBatch[]
  /** Folder of the initial parameters. */
  readonly parameters: string
  /** For each batch the folder of the whole, then those of its shards. */
  readonly folders: readonly (readonly string[])[]
}

/** A row of the benchmark: one engine with one setting. */
export interface Contestant {
  /** For the table. */
  readonly label: string
  /** Whether the bars of the project are against this row. */
  readonly isBarred: boolean
  /** Takes up a case in place of the one before. */
  load(prepared: PreparedCase): Promise<void>
  /** Losses of the first steps of Adam from the initial parameters, each before its update. */
  losses(steps: number): Promise<number[]>
  /** Milliseconds of calls, after one that is not timed; a call goes over all batches. */
  time(task: Task, calls: number): Promise<number[]>
  close(): Promise<void>
}

/** Adam's settings, the same for all. */
export const ADAM = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const
