import { createHash } from 'node:crypto'
import { access, appendFile, mkdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { foldSplit, tuningSplit, type MoleculeTable, type Split } from '@couplet/data'
import { readBytes, writeAtomically } from '@couplet/data/node'
import {
  formatCheckpoint,
  parseCheckpoint,
  type Config,
  type Recipe,
  type Trained,
} from '@couplet/model'
import { ENTRIES } from './entries.ts'
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

/** What a run is: with the same fields, a run gives the same result. */
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
  /** Seed of initialisation, order and random numbers. */
  readonly seed: number
}

/** What is known of a run once it is complete. */
export interface RunReport {
  /** Wall seconds of training over all its sessions. */
  readonly seconds: number
  /** Molecules trained on per second. */
  readonly moleculesPerSecond: number
  /** Backend, why, and its workers. */
  readonly runner: string
  readonly workers: number
  /** Sizes of the training part. */
  readonly train: { readonly molecules: number; readonly pairs: number }
  /** Versions of what it ran on. */
  readonly versions: Readonly<Record<string, string>>
}

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
    const identity = JSON.stringify({ ...plan, dataset })
    const hash = createHash('sha256').update(identity).digest('hex').slice(0, 10)
    const folder = join(runs, `${plan.entry.id}-${plan.dataset.name}-${plan.fold}-${hash}`)
    await mkdir(folder, { recursive: true })
    const run = new Run(folder, plan)
    await run.#write('run.json', `${JSON.stringify(plan, null, 2)}\n`)
    return run
  }

  /**
   * Opens a run's folder.
   * @throws UsageError if it is none.
   */
  static async open(folder: string): Promise<Run> {
    let text: string
    try {
      text = await readFile(join(folder, 'run.json'), 'utf8')
    } catch {
      throw new UsageError(
        `${folder} is not a run: it has no run.json. Give a folder that \`couplet train\` printed.`,
      )
    }
    return new Run(folder, parseJson(text, join(folder, 'run.json')) as RunPlan)
  }

  /** Name of the folder. */
  get name(): string {
    return basename(this.folder)
  }

  /** Adds one line to the log. */
  async log(line: Readonly<Record<string, unknown>>): Promise<void> {
    await appendFile(join(this.folder, 'log.jsonl'), `${JSON.stringify(line)}\n`)
  }

  /**
   * Writes the checkpoint, atomically.
   * @param seconds wall time of training so far, over all sessions.
   */
  async save(trained: Trained, seconds: number): Promise<void> {
    const { dataset, fold } = this.plan
    const notes = {
      dataset: `${dataset.name} ${dataset.sha256}`,
      fold,
      seconds: seconds.toFixed(2),
    }
    await this.#write('checkpoint.safetensors', formatCheckpoint(trained, notes))
  }

  /** The checkpoint and the seconds of training behind it, or nothing if there is none yet. */
  async load(): Promise<{ trained: Trained; seconds: number } | undefined> {
    const path = join(this.folder, 'checkpoint.safetensors')
    if (!(await exists(path))) return undefined
    const { trained, notes } = parseCheckpoint(await readBytes(path), ENTRIES, path)
    return { trained, seconds: Number(notes['seconds']) || 0 }
  }

  /** Writes the report that marks the run as complete. */
  async finish(report: RunReport): Promise<void> {
    await this.#write('report.json', `${JSON.stringify(report, null, 2)}\n`)
  }

  /** The report, or nothing while the run is not complete. */
  async report(): Promise<RunReport | undefined> {
    const path = join(this.folder, 'report.json')
    return (await exists(path))
      ? (parseJson(await readFile(path, 'utf8'), path) as RunReport)
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

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${where} is not JSON. Delete the folder and train again.`)
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
