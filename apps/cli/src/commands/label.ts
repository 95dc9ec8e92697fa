import { extname, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { LabelRecord, LabelSummary, Optimisation } from '@couplet/labels'
import { counted } from '../counted.ts'
import { Interrupted, interruptible } from '../Interrupted.ts'
import { jsonOption, wholeNumber } from '../options.ts'
import { withProgress } from '../ProgressLine.ts'
import { UsageError } from '../UsageError.ts'

interface LabelCall {
  readonly out: string
  readonly optimise: Optimisation
  readonly jobs: number
  readonly limit: number
  readonly memory: number
  readonly nice: number
  readonly retryFailed?: boolean
  readonly python: string
  readonly json?: boolean
}

/** `couplet label`: couplings by quantum chemistry. */
export function labelCommand(): Command {
  return new Command('label')
    .description(
      "Compute couplings by density functional theory at the level of the competition's labels.",
    )
    .argument(
      '<molecules>',
      'a .smi, .sdf, .mol or .xyz file, a folder of .xyz files, or a .txt file of torsions',
    )
    .requiredOption(
      '--out <folder>',
      'where records and CSV files go; an interrupted call goes on there',
    )
    .addOption(
      new Option('--optimise <method>', 'the geometry first')
        .choices(['none', 'xtb', 'dft'])
        .default('none'),
    )
    .option('--jobs <n>', 'molecules at a time', wholeNumber(1), 1)
    .option('--limit <seconds>', 'wall time of each molecule', wholeNumber(1), 3600)
    .option('--memory <MB>', 'memory of each molecule', wholeNumber(100), 4000)
    .option('--nice <n>', 'lower the priority by so much, up to 19', wholeNumber(0), 0)
    .option('--retry-failed', 'also try again what failed before')
    .addOption(pythonOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  couplet label qm9/ --out labels --jobs 2              couplings at the geometries of a folder of .xyz files
  couplet label molecules.smi --out labels --optimise dft     from SMILES: conformer, GFN2-xTB, B3LYP, couplings
  couplet label torsions.txt --out labels --optimise xtb      conformers: torsions held at given angles
  couplet train edge-update-schnet --data labels        the folder is a data set for the other commands

Each line of a .smi file is a SMILES and, if you like, a name. Each line of a .txt file is a SMILES, a torsion and its angles
in degrees, and, if you like, a name:
  CCO | CCO[#1] | 0 60 120 180 | ethanol
The torsion is four atoms in a row as SMARTS, of which the first match counts ([#1]: a hydrogen, at an end only), or their
numbers, such as 0-1-2-8 (from 0 in the order of the SMILES, hydrogens behind). Its geometries are called ethanol_c1 to
ethanol_c4. GFN2-xTB optimises everything else.

Needs Psi4 and NumPy: sudo apt-get install --no-install-recommends psi4 python3-numpy xtb (Debian 12, Ubuntu).
Values are B3LYP/6-31G(2df,p) couplings in hertz, not experimental ones. H, C, N, O, F; neutral closed shells.`,
    )
    .action((molecules: string, call: LabelCall) => run(molecules, call))
}

/** `--python`. */
export function pythonOption(): Option {
  return new Option('--python <program>', 'a Python that has Psi4 and NumPy').default(
    '/usr/bin/python3',
  )
}

async function run(molecules: string, call: LabelCall): Promise<void> {
  if (extname(molecules).toLowerCase() === '.txt' && call.optimise !== 'xtb') {
    throw new UsageError(
      `${molecules} lists torsions: they are held while GFN2-xTB optimises everything else. Add --optimise xtb.`,
    )
  }
  const { findLabelProgram, labelMolecules, readLabelInputs } = await import('@couplet/labels')
  const { command, versions } = await findLabelProgram(call.python)
  const inputs = await withProgress(
    'start geometries',
    (line) =>
      readLabelInputs(molecules, (done, all) => line.update(done / all, `${done} of ${all}`)),
    (read) => {
      const refused = read.filter((input) => 'refused' in input).length
      return `${read.length - refused} of ${read.length}`
    },
  )
  const out = resolve(call.out)
  const summary = await interruptible(({ signal }) =>
    withProgress(
      'label',
      (line) =>
        labelMolecules(inputs, {
          command,
          versions,
          out,
          optimise: call.optimise,
          jobs: call.jobs,
          seconds: call.limit,
          memoryMb: call.memory,
          nice: Math.min(19, call.nice),
          retryFailed: call.retryFailed ?? false,
          signal,
          onProgress: ({ share, done, all, failed, running }) =>
            line.update(
              share,
              `${done} of ${counted(all, 'molecule')}${failed ? `, ${failed} failed` : ''}  ${running.join(' ')}`,
            ),
        }),
      ({ records, stopped }) =>
        `${records.length} of ${counted(inputs.length, 'molecule')}${stopped ? ', stopped' : ''}`,
    ),
  )
  const report = describe(summary, call.out)
  if (call.json) console.log(JSON.stringify(report))
  else console.log(format(report))
  if (report.molecules === 0 && !summary.stopped) {
    const { LabelError } = await import('@couplet/labels')
    throw new LabelError('no molecule could be labelled. The reasons are above.')
  }
  if (summary.stopped) {
    throw new Interrupted(
      `Stopped. Repeat the command to go on; finished molecules are in ${call.out}.`,
    )
  }
}

interface Report {
  readonly out: string
  readonly molecules: number
  readonly couplings: number
  readonly failures: readonly { readonly name: string; readonly reason: string }[]
  readonly notes: readonly { readonly name: string; readonly notes: readonly string[] }[]
  readonly cpuSeconds: { readonly couplings: number; readonly geometry: number }
}

function describe({ records }: LabelSummary, out: string): Report {
  const good = records.filter(({ failure }) => failure === undefined)
  const total = (part: (record: LabelRecord) => number): number =>
    Math.round(records.reduce((sum, record) => sum + part(record), 0))
  return {
    out,
    molecules: good.length,
    couplings: good.reduce((sum, { pairs }) => sum + pairs.length, 0),
    failures: records.flatMap(({ name, failure }) => (failure ? [{ name, reason: failure }] : [])),
    notes: good.flatMap(({ name, notes }) => (notes.length > 0 ? [{ name, notes }] : [])),
    cpuSeconds: {
      couplings: total(({ cost }) => cost.couplings),
      geometry: total(({ cost }) => cost.geometry),
    },
  }
}

/** Failures shown on the terminal; all are in failures.csv. */
const SHOWN = 20

function format({ out, molecules, couplings, failures, notes, cpuSeconds }: Report): string {
  return [
    `${couplings} couplings of ${counted(molecules, 'molecule')} in ${out}: train.csv, scalar_coupling_contributions.csv, structures.csv, …`,
    `CPU time: couplings ${cpuSeconds.couplings} s, geometries ${cpuSeconds.geometry} s`,
    ...(failures.length > 0 ? [`${failures.length} failed (failures.csv):`] : []),
    ...failures.slice(0, SHOWN).map(({ name, reason }) => `  ${name}: ${reason}`),
    ...(failures.length > SHOWN ? [`  and ${failures.length - SHOWN} more`] : []),
    ...notes.slice(0, SHOWN).map(({ name, notes: said }) => `note on ${name}: ${said.join('; ')}`),
  ].join('\n')
}
