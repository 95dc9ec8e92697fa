import { access, appendFile, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { foldSplit, tuningSplit, type MoleculeTable, type Split } from '@couplet/data'
import {
  asDataError,
  claimFolder,
  readBytes,
  readFolder,
  sha256,
  writeAtomically,
  type Claim,
} from '@couplet/data/node'
import {
  formatCheckpoint,
  parseCheckpoint,
  type Config,
  type Recipe,
  type Trained,
} from '@couplet/model'
import { configSchema, recipeSchema } from '@couplet/model/schema'
import { z } from 'zod'
import { ENTRIES } from './entries.ts'
import type { Spent } from './stopwatch.ts'
import { UsageError } from './UsageError.ts'

/** Part of a data set that is held out: one of five folds, the tuning set, or nothing. */
export type Fold = '0' | '1' | '2' | '3' | '4' | 'tuning' | 'none'

/** The folds that a score can be about. */
export const FOLD_NAMES = [
  '0',
  '1',
  '2',
  '3',
  '4',
  'tuning',
  'none',
] as const satisfies readonly Fold[]

/** Training and held-out molecules of a fold. With `none`, everything is trained on and nothing is left to score. */
export function splitOf(table: MoleculeTable, fold: Fold): Pick<Split, 'train'> & Partial<Split> {
  if (fold === 'none') return { train: table }
  return fold === 'tuning' ? tuningSplit(table) : foldSplit(table, Number(fold))
}

/** What a run is. With the same fields and the same number of workers on the same machine, a run gives the same result. */
export interface RunPlan {
  /** Id and version of the entry. */
  readonly entry: { readonly id: string; readonly version: string }
  /** What it learns from: name, checksum, and the folder it was read from. */
  readonly dataset: { readonly name: string; readonly sha256: string; readonly source: string }
  /** What is held out. */
  readonly fold: Fold
  /** Every hyperparameter. */
  readonly config: Config
  /** Phases of training. */
  readonly recipe: Recipe
  /** The run whose weights it starts from, and the checksum of its checkpoint; without it, it starts from random ones. */
  readonly from?: { readonly folder: string; readonly sha256: string }
  /** Core-seconds that the number of epochs was chosen for; without it, it is the recipe's own. */
  readonly budget?: number
  /** Seed of initialisation, order and random numbers. */
  readonly seed: number
}

/** Names of temporary files of `writeAtomically`. */
const UNFINISHED = /\.[0-9a-f-]{36}\.tmp$/

const text = z.string().min(1)

const planSchema = z.strictObject({
  entry: z.strictObject({ id: text, version: text }),
  dataset: z.strictObject({ name: text, sha256: text, source: text }),
  fold: z.enum(FOLD_NAMES),
  config: configSchema,
  recipe: recipeSchema,
  from: z.strictObject({ folder: text, sha256: text }).optional(),
  budget: z.number().positive().optional(),
  seed: z.int().nonnegative(),
})

const reportSchema = z.strictObject({
  /** Wall seconds of training over all its sessions. */
  seconds: z.number().nonnegative(),
  /** Processor seconds of all threads of the same; runs of before lack them. */
  coreSeconds: z.number().nonnegative().optional(),
  /** Molecules trained on per second. */
  moleculesPerSecond: z.number().nonnegative(),
  /** Backend, and why. */
  runner: text,
  /** Threads that trained. */
  workers: z.int().positive(),
  /** Processor. */
  device: text,
  /** Commit of the project's checkout, with `-dirty` where files were changed; null outside a checkout. */
  commit: z.string().nullable(),
  /** Sizes of the training part; runs of before lack the atoms of its largest molecule. */
  train: z.strictObject({
    molecules: z.int().positive(),
    pairs: z.int().positive(),
    mostAtoms: z.int().positive().optional(),
  }),
  /** Largest resident memory of the process in bytes; runs of before lack it. */
  peakMemory: z.int().positive().optional(),
  /** Versions of what it ran on. */
  versions: z.record(text, text),
})

/** What is known of a run once it is complete. */
export type RunReport = z.infer<typeof reportSchema>

/** A folder with one training: plan, log, checkpoint, report, predictions. */
export class Run {
  /** The folder. */
  readonly folder: string
  /** What the run is. */
  readonly plan: RunPlan

  private constructor(folder: string, plan: RunPlan) {
    this.folder = folder
    this.plan = plan
  }

  /** The folder of a plan below `runs`: named after its entry, data and fold, and the first digits of the plan's checksum. */
  static async create(runs: string, plan: RunPlan): Promise<Run> {
    const { source: _where, ...dataset } = plan.dataset
    // Where another run lies is no part of what this one is.
    const from = plan.from && { sha256: plan.from.sha256 }
    const identity = JSON.stringify({ ...plan, dataset, ...(from ? { from } : {}) })
    const hash = sha256(identity).slice(0, 10)
    const folder = join(runs, `${plan.entry.id}-${plan.dataset.name}-${plan.fold}-${hash}`)
    const run = new Run(folder, plan)
    await run.#write('run.json', `${JSON.stringify(plan, null, 2)}\n`)
    return run
  }

  /**
   * Opens a run's folder.
   * @throws UsageError if it is none.
   */
  static async open(folder: string): Promise<Run> {
    let contents: string
    try {
      contents = await readFile(join(folder, 'run.json'), 'utf8')
    } catch {
      throw new UsageError(
        `${folder} is not a run: it has no run.json. Give a folder that \`couplet train\` printed.`,
      )
    }
    return new Run(folder, parse(contents, planSchema, join(folder, 'run.json')) as RunPlan)
  }

  /**
   * Adds one line to the log.
   * @throws DataError if it cannot be written.
   */
  async log(line: Readonly<Record<string, unknown>>): Promise<void> {
    const path = join(this.folder, 'log.jsonl')
    try {
      await appendFile(path, `${JSON.stringify(line)}\n`)
    } catch (error) {
      throw asDataError(error, path)
    }
  }

  /**
   * Claims the run for this process, which is then the only one to train it until it closes the claim, or ends.
   * @throws UsageError if another process trains it.
   */
  claim(): Promise<Claim> {
    return claimFolder(
      join(this.folder, '.training'),
      ({ process, folder }) =>
        new UsageError(
          `Process ${process} is training the run in ${this.folder}. Wait for it, or stop it and repeat the command to go on; if it is another program, remove ${folder}.`,
        ),
    )
  }

  /**
   * Removes what a session that was killed left behind: files that were not written to their end, and lines of the log after
   * the step of the checkpoint, which will be written again.
   */
  async tidy(step: number): Promise<void> {
    for (const name of await readFolder(this.folder)) {
      if (UNFINISHED.test(name)) await rm(join(this.folder, name), { force: true })
    }
    const path = join(this.folder, 'log.jsonl')
    if (!(await exists(path))) return
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1)
    const kept = lines.filter((line) => {
      try {
        return (JSON.parse(line) as { step: number }).step <= step
      } catch {
        return false
      }
    })
    if (kept.length < lines.length)
      await this.#write('log.jsonl', kept.map((l) => `${l}\n`).join(''))
  }

  /**
   * Writes the checkpoint, atomically.
   * @param spent time of training so far, over all sessions.
   */
  async save(trained: Trained, spent: Spent): Promise<void> {
    const { dataset, fold } = this.plan
    const notes = {
      dataset: `${dataset.name} ${dataset.sha256}`,
      fold,
      seconds: spent.seconds.toFixed(2),
      coreSeconds: spent.coreSeconds.toFixed(2),
    }
    await this.#write('checkpoint.safetensors', formatCheckpoint(trained, notes))
  }

  /** The checkpoint and the time of training behind it, or nothing if there is none yet. */
  async load(): Promise<{ trained: Trained; spent: Spent } | undefined> {
    const path = join(this.folder, 'checkpoint.safetensors')
    if (!(await exists(path))) return undefined
    const { trained, notes } = parseCheckpoint(await readBytes(path), ENTRIES, path)
    this.#checkIdentity(trained, notes, path)
    const seconds = Number(notes['seconds']) || 0
    return { trained, spent: { seconds, coreSeconds: Number(notes['coreSeconds']) || seconds } }
  }

  /** Checksum of the checkpoint, or nothing if there is none yet. */
  async checkpointSha256(): Promise<string | undefined> {
    const path = join(this.folder, 'checkpoint.safetensors')
    if (!(await exists(path))) return undefined
    return sha256(await readBytes(path))
  }

  /** A checkpoint must be of this very plan: else a molecule that was trained on could be scored. */
  #checkIdentity(trained: Trained, notes: Readonly<Record<string, string>>, path: string): void {
    const { entry, config, recipe, seed, dataset, fold } = this.plan
    const identity = (...parts: unknown[]): string => JSON.stringify(parts)
    const planned = identity(
      entry.id,
      config,
      recipe,
      seed,
      `${dataset.name} ${dataset.sha256}`,
      fold,
    )
    const { model } = trained
    const found = identity(
      model.entry.id,
      trained.config,
      trained.recipe,
      trained.seed,
      notes['dataset'],
      notes['fold'],
    )
    if (planned === found) return
    throw new UsageError(
      `${path} was not written for ${join(this.folder, 'run.json')}. Delete the folder and train again.`,
    )
  }

  /** Writes the report that marks the run as complete. */
  async finish(report: RunReport): Promise<void> {
    await this.#write('report.json', `${JSON.stringify(report, null, 2)}\n`)
  }

  /** The report, or nothing while the run is not complete. */
  async report(): Promise<RunReport | undefined> {
    const path = join(this.folder, 'report.json')
    return (await exists(path))
      ? parse(new TextDecoder().decode(await readBytes(path)), reportSchema, path)
      : undefined
  }

  /** Writes a further file of the run, atomically, and returns its path. */
  async write(name: string, contents: string): Promise<string> {
    return this.#write(name, contents)
  }

  async #write(name: string, contents: string | Uint8Array): Promise<string> {
    const path = join(this.folder, name)
    await writeAtomically(path, [contents])
    return path
  }
}

function parse<T>(contents: string, schema: z.ZodType<T>, where: string): T {
  const advice = 'Delete the folder and train again.'
  let value: unknown
  try {
    value = JSON.parse(contents)
  } catch {
    throw new UsageError(`${where} is not JSON. ${advice}`)
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new UsageError(`${where}: ${path.join('.') || 'the file'} is wrong (${message}). ${advice}`)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
