import { join } from 'node:path'
import type { Trained } from '@couplet/model'
import type { Run } from './Run.ts'
import type { Spent } from './stopwatch.ts'

/**
 * Writes the log and the checkpoints of a run behind its training, one file after the other. The first failure ends the
 * writing, and whoever asks next gets it.
 */
export class RunWriter {
  readonly #run: Run
  readonly #interval: number
  #queue = Promise.resolve()
  #isSaving = false
  #failure: unknown
  #lastSave = performance.now()
  #savedStep: number | undefined
  #steps = 0

  /**
   * @param interval seconds between two checkpoints.
   * @param resumed the checkpoint that the run has.
   */
  constructor(run: Run, interval: number, resumed?: Trained) {
    this.#run = run
    this.#interval = interval
    this.#savedStep = resumed?.progress.step
    this.#steps = resumed?.progress.steps ?? 0
  }

  /** Throws what went wrong while writing, if anything did. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Adds a line to the log. */
  log(line: Readonly<Record<string, unknown>>): void {
    this.#write(() => this.#run.log(line))
  }

  /** Saves a checkpoint if the last one is old enough and written. */
  saveIfDue(snapshot: () => Trained, spent: Spent): void {
    if (this.#isSaving || performance.now() - this.#lastSave < 1000 * this.#interval) return
    this.#isSaving = true
    this.#lastSave = performance.now()
    const trained = snapshot()
    this.#write(() => this.#save(trained, spent))
  }

  /** Waits for everything so far, then saves a checkpoint; throws the first failure. */
  async save(trained: Trained, spent: Spent): Promise<void> {
    this.#write(() => this.#save(trained, spent))
    await this.settled()
    this.check()
  }

  /** Fulfilled when everything so far is written or has failed. */
  settled(): Promise<void> {
    return this.#queue
  }

  /** What the run's folder holds now, as a sentence for people. */
  get kept(): string {
    return this.#savedStep === undefined
      ? 'There is no checkpoint yet.'
      : `The checkpoint of step ${this.#savedStep} of ${this.#steps} is kept in ${join(this.#run.folder, 'checkpoint.safetensors')}.`
  }

  async #save(trained: Trained, spent: Spent): Promise<void> {
    try {
      await this.#run.save(trained, spent)
      this.#savedStep = trained.progress.step
      this.#steps = trained.progress.steps
    } finally {
      this.#isSaving = false
    }
  }

  #write(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#failure !== undefined) return
      try {
        await work()
      } catch (error) {
        this.#failure = error
      }
    })
  }
}
