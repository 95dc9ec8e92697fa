import { resolve } from 'node:path'
import { Command } from 'commander'
import { COUPLING_TYPES, csvCell, elementSymbol, type MoleculeTable } from '@couplet/data'
import { writeAtomically } from '@couplet/data/node'
import { writeSubmission } from '@couplet/eval/node'
import { predict } from '@couplet/model'
import { counted } from '../counted.ts'
import { atomCounts } from '../atomCounts.ts'
import { checkOutput } from '../checkOutput.ts'
import { jsonOption } from '../options.ts'
import { LEVEL } from '../exportNotes.ts'
import { openTrained } from '../openTrained.ts'
import { withProgress } from '../ProgressLine.ts'
import { readMolecules, uncheckedOption } from '../readMolecules.ts'
import type { Run } from '../Run.ts'

interface PredictCall {
  readonly out?: string
  readonly unchecked?: boolean
  readonly json?: boolean
}

/** `couplet predict`: couplings of molecules nobody labelled. */
export function predictCommand(): Command {
  return new Command('predict')
    .description(
      "Predict couplings: of the competition's test molecules as a submission, or of XYZ files.",
    )
    .argument('<run>', 'run folder with a trained entry')
    .argument(
      '<molecules>',
      'folder with test.csv and structures.csv, or an .xyz file, or a folder of them',
    )
    .option(
      '--out <file.csv>',
      'where to write (default: submission.csv for a test.csv, else the terminal)',
    )
    .addOption(uncheckedOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  couplet predict runs/edge-update-schnet-… ../champs --out submission.csv
  couplet predict runs/edge-update-schnet-… ethanol.xyz

Values are couplings at the level of the training labels, ${LEVEL}, in hertz, not experimental ones. Atoms are numbered from 0 in the
order of the file: H2 is its third atom. Molecules are to be neutral, with all hydrogens, in angstrom.`,
    )
    .action((folder: string, molecules: string, call: PredictCall) => run(folder, molecules, call))
}

async function run(folder: string, input: string, call: PredictCall): Promise<void> {
  const { run: source, trained } = await openTrained(folder)
  const { table, fromTestFile } = await readMolecules(input, call.unchecked)
  const out = call.out ?? (fromTestFile ? 'submission.csv' : undefined)
  if (out !== undefined) await checkOutput(out, [input, folder])
  await noteLarger(source, table)
  const couplings = await withProgress(
    `${trained.model.entry.id} predicts`,
    (line) =>
      predict(trained, table, {
        onProgress: (done, all) =>
          line.update(done / all, `${done} of ${counted(all, 'molecule')}`),
      }),
    ({ length }) => `${length} couplings of ${counted(table.names.length, 'molecule')}`,
  )
  if (fromTestFile) {
    const ids = order(table.pairIds)
    await writeSubmission(
      resolve(out!),
      ids.map((pair) => table.pairIds[pair]!),
      ids.map((pair) => couplings[pair]!),
    )
  } else if (out) await writeAtomically(resolve(out), [formatCsv(table, couplings)])
  if (call.json)
    console.log(JSON.stringify({ out: out ?? null, couplings: records(table, couplings) }))
  else console.log(out ? `Wrote ${out}` : formatCsv(table, couplings).trimEnd())
}

/** Says how many molecules are larger than all that the run has learnt from. */
async function noteLarger(source: Run, table: MoleculeTable): Promise<void> {
  const most = (await source.report())?.train.mostAtoms
  const larger = atomCounts(table).filter((atoms) => most !== undefined && atoms > most).length
  if (larger === 0) return
  console.error(
    `${larger} of ${counted(table.names.length, 'molecule')} ${larger === 1 ? 'has' : 'have'} more atoms than any that was learnt from (${most}): errors may be larger than those of the run's score.`,
  )
}

/** Pairs by ascending id: the order of the competition's files. */
function order(ids: Uint32Array): number[] {
  return [...ids.keys()].toSorted((a, b) => ids[a]! - ids[b]!)
}

interface CouplingRecord {
  readonly molecule: string
  readonly atom0: string
  readonly atom1: string
  readonly type: string
  readonly hertz: number
}

/** One record per pair; atoms as element and index, counted from 0. */
function records(table: MoleculeTable, couplings: Float32Array): CouplingRecord[] {
  return table.names.flatMap((molecule, m) => {
    const atom = (pair: number, end: 0 | 1): string => {
      const index = table.pairAtoms[2 * pair + end]!
      return `${elementSymbol(table.atomicNumbers[table.atomOffsets[m]! + index]!)}${index}`
    }
    const [from, to] = [table.pairOffsets[m]!, table.pairOffsets[m + 1]!]
    return Array.from({ length: to - from }, (_, index) => {
      const pair = from + index
      return {
        molecule,
        atom0: atom(pair, 0),
        atom1: atom(pair, 1),
        type: COUPLING_TYPES[table.pairTypes[pair]!]!,
        hertz: Number(couplings[pair]!.toFixed(4)),
      }
    })
  })
}

function formatCsv(table: MoleculeTable, couplings: Float32Array): string {
  const rows = records(table, couplings).map(
    ({ molecule, atom0, atom1, type, hertz }) =>
      `${csvCell(molecule)},${atom0},${atom1},${type},${hertz.toFixed(4)}\n`,
  )
  return `molecule_name,atom_0,atom_1,type,scalar_coupling_constant\n${rows.join('')}`
}
