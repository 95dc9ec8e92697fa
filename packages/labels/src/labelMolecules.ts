import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomically } from '@couplet/data/node'
import { labelKey, labelMolecule, type LabelMethod } from './labelMolecule.ts'
import type { LabelInput, RefusedInput } from './LabelInput.ts'
import { readRecord, type LabelRecord } from './LabelRecord.ts'
import { LabelError } from './LabelError.ts'
import { openScratch } from './openScratch.ts'
import { WorkerFailure } from './WorkerFailure.ts'
import { LABEL_FILES, writeLabels } from './writeLabels.ts'

/** How to label many molecules. */
export interface LabelOptions extends LabelMethod {
  /** Folder of the records and CSV files. */
  readonly out: string
  /** Molecules at a time; default 1. */
  readonly jobs?: number
  /** Wall seconds for each molecule; default 3600. */
  readonly seconds?: number
  /** Megabytes for each molecule; default 4000. */
  readonly memoryMb?: number
  /** Added to the niceness of the calculations; default 0. */
  readonly nice?: number
  /** Also tries again what failed before. */
  readonly retryFailed?: boolean
  /** Stops the calculations under way; finished molecules stay. */
  readonly signal?: AbortSignal
  /** Told before, between and after the molecules. */
  readonly onProgress?: (progress: LabelProgress) => void
}

/** How far the labelling is. */
export interface LabelProgress {
  /** Share of the estimated work that is done, 0 to 1. */
  readonly share: number
  readonly done: number
  readonly all: number
  readonly failed: number
  /** Names under way. */
  readonly running: readonly string[]
}

/** What came of it. */
export interface LabelSummary {
  readonly records: readonly LabelRecord[]
  /** Molecules whose record was there before. */
  readonly kept: number
  /** Whether it was stopped before the end. */
  readonly stopped: boolean
}

/**
 * Labels molecules: one record `records/<name>.json` each, written when the molecule is done; then the CSV files of
 * `writeLabels`, about every record of the folder. A second call goes on where the first one ended, or adds other molecules.
 *
 * @throws LabelError if a record in the folder is about another geometry or optimisation under the same name, if torsions are
 *   to be held by another method than xtb, xtb is wanted where it is not installed, or another process works in the folder;
 *   DataError if a record cannot be written. The other molecules under way are stopped then, and stay open.
 */
export async function labelMolecules(
  inputs: readonly (LabelInput | RefusedInput)[],
  options: LabelOptions,
): Promise<LabelSummary> {
  const { out, optimise, signal, jobs = 1 } = options
  checkOptimisation(inputs, options)
  await checkFolder(out)
  const path = (name: string): string => join(out, 'records', `${name}.json`)
  const records = new Map<string, LabelRecord>()
  const open: LabelInput[] = []
  for (const input of inputs) {
    if ('refused' in input) {
      records.set(input.name, refusal(input, options))
      continue
    }
    const old = await readRecord(path(input.name))
    if (old && old.key !== labelKey(input, optimise)) {
      throw new LabelError(
        `${path(input.name)} is about another geometry or another --optimise. Give another --out, or another name.`,
      )
    }
    if (old && !(old.failure !== undefined && options.retryFailed)) records.set(input.name, old)
    else open.push(input)
  }
  const kept = records.size
  const all = open.reduce((sum, input) => sum + effort(input), 0)
  const running = new Set<LabelInput>()
  let done = 0
  const report = (): void =>
    options.onProgress?.({
      share: all === 0 ? 1 : done / all,
      done: records.size,
      all: inputs.length,
      failed: [...records.values()].filter(({ failure }) => failure !== undefined).length,
      running: [...running].map(({ name }) => name),
    })
  const queue = open.values()
  // One that fails stops the others before the scratch folder is removed: without it, their molecules would seem to have failed.
  const fault = new AbortController()
  const stop = signal ? AbortSignal.any([signal, fault.signal]) : fault.signal
  const work = async (scratch: string): Promise<void> => {
    for (const input of queue) {
      if (stop.aborted) return
      running.add(input)
      report()
      try {
        const record = await labelMolecule(input, options, {
          seconds: options.seconds ?? 3600,
          memoryMb: options.memoryMb ?? 4000,
          nice: options.nice ?? 0,
          scratch,
          signal: stop,
        })
        await writeAtomically(path(input.name), [`${JSON.stringify(record, null, 1)}\n`])
        records.set(input.name, record)
        done += effort(input)
      } catch (error) {
        if (error instanceof WorkerFailure && !error.final) return
        throw error
      } finally {
        running.delete(input)
      }
      report()
    }
  }
  report()
  const scratch = await openScratch(out)
  try {
    const jobsDone = Array.from({ length: jobs }, () =>
      work(scratch.folder).catch((error: unknown) => fault.abort(error)),
    )
    await Promise.all(jobsDone)
  } finally {
    await scratch.close()
  }
  // Only the first is kept as the reason.
  fault.signal.throwIfAborted()
  const ordered = inputs.flatMap(({ name }) => records.get(name) ?? [])
  await writeLabels(out, [...ordered, ...(await otherRecords(out, inputs))])
  return { records: ordered, kept, stopped: records.size < inputs.length }
}

/** Refuses a folder with a data set that was not written here: it would be replaced. */
async function checkFolder(out: string): Promise<void> {
  const names = await readdir(out).catch((): string[] => [])
  if (names.includes('records') || names.includes('failures.csv')) return
  const others = LABEL_FILES.filter((file) => names.includes(file))
  if (others.length === 0) return
  throw new LabelError(
    `${out} holds ${others.join(', ')} of other making, which would be replaced. Give another --out.`,
  )
}

/** Records of molecules of former calls, which the CSV files keep. */
async function otherRecords(
  out: string,
  inputs: readonly (LabelInput | RefusedInput)[],
): Promise<LabelRecord[]> {
  const folder = join(out, 'records')
  const own = new Set(inputs.map(({ name }) => `${name}.json`))
  const files = (await readdir(folder).catch(() => []))
    .filter((file) => file.endsWith('.json') && !own.has(file))
    .toSorted()
  const records = await Promise.all(files.map((file) => readRecord(join(folder, file))))
  return records.flatMap((record, index) =>
    record !== undefined && `${record.name}.json` === files[index] ? [record] : [],
  )
}

function checkOptimisation(
  inputs: readonly (LabelInput | RefusedInput)[],
  { optimise, versions }: LabelMethod,
): void {
  if (optimise !== 'xtb' && inputs.some((input) => 'torsion' in input)) {
    throw new LabelError(
      'torsions are held while GFN2-xTB optimises everything else. Add --optimise xtb.',
    )
  }
  // Without xtb, dft starts from a model Hessian.
  if (optimise === 'xtb' && versions['xtb'] === null) {
    throw new LabelError(
      'the program xtb is not installed: sudo apt-get install --no-install-recommends xtb',
    )
  }
}

/**
 * Relative cost of a molecule with n basis functions (28 of a heavy atom, 5 of a hydrogen). On one core of 2020 couplings took about
 * 2 + (n / 58)^3 seconds, from water to nonane.
 */
function effort({ elements }: LabelInput): number {
  const functions = elements.reduce((sum, element) => sum + (element === 'H' ? 5 : 28), 0)
  return 2 + (functions / 58) ** 3
}

function refusal({ name, source, refused }: RefusedInput, method: LabelMethod): LabelRecord {
  return {
    schema: 1,
    name,
    source,
    key: '',
    optimise: method.optimise,
    failure: refused,
    notes: [],
    elements: [],
    positions: [],
    pairs: [],
    method: method.versions,
    cost: { couplings: 0, geometry: 0, wallSeconds: 0, peakMb: 0 },
  }
}
