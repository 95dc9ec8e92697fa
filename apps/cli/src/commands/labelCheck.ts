import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { readChamps } from '@couplet/data/node'
import type { Deviation } from '@couplet/labels'
import { Interrupted, interruptible } from '../Interrupted.ts'
import { jsonOption, wholeNumber } from '../options.ts'
import { withProgress } from '../ProgressLine.ts'
import { UsageError } from '../UsageError.ts'
import { pythonOption } from './label.ts'

/** Largest mean absolute error that a coupling type may have against the competition's labels, in hertz. */
const LARGEST_MAE = 0.01
/** Largest difference of any coupling from NWChem's, in hertz: what the two programs' grids differ by. */
const LARGEST_DIFFERENCE = 0.05

interface CheckCall {
  readonly data?: string
  readonly against: 'champs' | 'nwchem'
  readonly out?: string
  readonly jobs: number
  readonly nice: number
  readonly python: string
  readonly json?: boolean
}

/** `couplet label-check`: whether the couplings computed here are right. */
export function labelCheckCommand(): Command {
  return new Command('label-check')
    .description("Check computed couplings against the competition's contributions, or NWChem's.")
    .addOption(
      new Option('--against <what>', 'what to compare with')
        .choices(['champs', 'nwchem'])
        .default('champs'),
    )
    .option('--data <folder>', "folder with the competition's files, contributions among them")
    .option('--out <folder>', 'keep the records here, and go on from them (default: nothing kept)')
    .option('--jobs <n>', 'molecules at a time', wholeNumber(1), 1)
    .option('--nice <n>', 'lower the priority by so much, up to 19', wholeNumber(0), 0)
    .addOption(pythonOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  couplet label-check --data ../champs --out check      every molecule whose contributions are in the folder
  couplet label-check --against nwchem                  water, ammonia, methanol, formamide; minutes to an hour

Passes if the mean absolute error of every type is at most ${LARGEST_MAE} Hz (nwchem: every coupling within ${LARGEST_DIFFERENCE} Hz).
Exit code 1 if not.`,
    )
    .action((call: CheckCall) => run(call))
}

async function run(call: CheckCall): Promise<void> {
  if (call.against === 'champs' && call.data === undefined) {
    throw new UsageError("Give the folder with the competition's files: --data <folder>.")
  }
  const folder = call.out
    ? resolve(call.out)
    : await mkdtemp(join(tmpdir(), 'couplet-label-check-'))
  try {
    const { passed, text, report } = await (call.against === 'champs'
      ? againstChamps(call, folder)
      : againstSecond(call, folder))
    console.log(
      call.json ? JSON.stringify({ passed, ...report }) : `${text}\n${passed ? 'PASS' : 'FAIL'}`,
    )
    if (!passed) {
      const { LabelError } = await import('@couplet/labels')
      throw new LabelError('The couplings differ by more than they may. See the table.')
    }
  } finally {
    if (!call.out) await rm(folder, { recursive: true, force: true })
  }
}

interface Outcome {
  readonly passed: boolean
  readonly text: string
  readonly report: object
}

async function againstChamps(call: CheckCall, out: string): Promise<Outcome> {
  const labels = await import('@couplet/labels')
  const { table } = await readChamps(call.data!)
  const inputs = labels.publicMolecules(table)
  if (inputs.length === 0) {
    throw new UsageError(
      `${call.data} has no contributions. Give a folder with scalar_coupling_contributions.csv, train.csv and structures.csv.`,
    )
  }
  const program = await labels.findLabelProgram(call.python)
  const { records, stopped } = await interruptible(({ signal }) =>
    withProgress(
      'label-check',
      (line) =>
        labels.labelMolecules(inputs, {
          ...program,
          out,
          optimise: 'none',
          jobs: call.jobs,
          nice: Math.min(19, call.nice),
          signal,
          onProgress: ({ share, done, all, running }) =>
            line.update(share, `${done} of ${all} molecules  ${running.join(' ')}`),
        }),
      (summary) => `${summary.records.length} of ${inputs.length} molecules`,
    ),
  )
  if (stopped) throw new Interrupted('Stopped. With --out, the same call goes on from here.')
  const comparison = labels.compareLabels(records, table)
  const failed = records.filter(({ failure }) => failure !== undefined)
  const { types, contributions, missing } = comparison
  return {
    passed: failed.length + missing.length === 0 && types.every(({ mae }) => mae <= LARGEST_MAE),
    text: [
      `${records.length} molecules, ours minus the competition's, in hertz`,
      ...rows(types),
      ...rows(contributions),
      ...failed.map(({ name, failure }) => `failed: ${name}: ${failure}`),
      ...(missing.length > 0
        ? [`${missing.length} pairs not computed, the first: ${missing[0]}`]
        : []),
    ].join('\n'),
    report: { molecules: records.length, ...comparison, failed: failed.map(({ name }) => name) },
  }
}

async function againstSecond(call: CheckCall, scratch: string): Promise<Outcome> {
  const { againstNwchem, findLabelProgram, WorkerFailure } = await import('@couplet/labels')
  const program = await findLabelProgram(call.python)
  const comparison = await interruptible(({ signal }) =>
    withProgress(
      'label-check',
      (line) =>
        againstNwchem(
          { ...program, optimise: 'none' },
          { seconds: 7200, memoryMb: 4000, nice: Math.min(19, call.nice), scratch, signal },
          (name, done, all) => line.update(done / all, name),
        ),
      ({ pairs }) => `${pairs.length} couplings`,
    ),
  ).catch((error: unknown) => {
    if (!(error instanceof WorkerFailure) || error.final) throw error
    throw new Interrupted('Stopped. Nothing of the comparison is kept.')
  })
  return {
    passed: comparison.molecules.every(({ largest }) => largest <= LARGEST_DIFFERENCE),
    text: ['ours minus NWChem, in hertz', ...rows(comparison.molecules)].join('\n'),
    report: comparison,
  }
}

function rows(deviations: readonly Deviation[]): string[] {
  return [
    `${''.padEnd(10)}   pairs      MAE      max     mean`,
    ...deviations.map(
      ({ name, pairs, mae, largest, bias }) =>
        `${name.padEnd(10)} ${String(pairs).padStart(7)} ${mae.toFixed(5).padStart(8)} ${largest.toFixed(4).padStart(8)} ${bias.toFixed(4).padStart(8)}`,
    ),
  ]
}
