import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { COUPLING_TYPES, type MoleculeTable } from '@couplet/data'
import { writeAtomically } from '@couplet/data/node'
import {
  featureBatch,
  formatSafetensors,
  presetConfig,
  type Capacity,
  type FeatureBatch,
  type FeatureSource,
  type Preset,
} from '@couplet/model'
import { counted } from '../counted.ts'
import { checkOutput } from '../checkOutput.ts'
import { capacityOption } from '../capacityOption.ts'
import { EMBEDDED, readDataset } from '../Dataset.ts'
import { entryOf } from '../entries.ts'
import { featuresKey } from '../exportNotes.ts'
import { openTrained } from '../openTrained.ts'
import { jsonOption } from '../options.ts'
import { readMolecules, uncheckedOption } from '../readMolecules.ts'
import { UsageError } from '../UsageError.ts'

interface FeaturesCall {
  readonly out: string
  readonly run?: string
  readonly unchecked?: boolean
  readonly entry?: string
  readonly preset: Preset
  readonly capacity: Capacity
  readonly json?: boolean
}

/** Version of the file's layout. */
const FORMAT = 'couplet-features-1'

/** `couplet features`: what a network reads of molecules, for other programs. */
export function featuresCommand(): Command {
  return new Command('features')
    .description('Write what a network reads of molecules, as one batch in a safetensors file.')
    .argument(
      '<molecules>',
      'an .xyz file, a folder of them, or one with test.csv and structures.csv',
    )
    .requiredOption('--out <file.safetensors>', 'where to write')
    .option('--run <run>', 'run folder: features for its exported network')
    .option('--entry <entry>', 'features for an untrained entry, scaled by the embedded data set')
    .addOption(
      new Option('--preset <name>', 'size of the entry, with --entry')
        .choices(['small', 'tiny', 'published'])
        .default('small'),
    )
    .addOption(capacityOption('axes padded to this length; the others are as short as they can be'))
    .addOption(uncheckedOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  couplet features ethanol.xyz --run runs/mpnn-… --out ethanol.safetensors
  couplet features molecules/ --entry edge-update-schnet --out batch.safetensors

The arrays have the names of the inputs that \`couplet export\` prints. One row for each coupled pair: table/molecules, table/atoms,
table/elements (atomic numbers) and table/types say which pairs the first rows of the couplings are about.`,
    )
    .action((molecules: string, call: FeaturesCall) => run(molecules, call))
}

async function run(input: string, call: FeaturesCall): Promise<void> {
  const source = await sourceOf(call)
  const { table } = await readMolecules(input, call.unchecked)
  await checkOutput(call.out, [input, ...(call.run === undefined ? [] : [call.run])])
  const batch = featureBatch(source, table, call.capacity)
  await writeAtomically(resolve(call.out), [formatFeatures(source, table, batch)])
  const { arrays, bucket } = batch
  if (call.json) {
    const shapes = Object.entries(arrays).map(([name, { shape }]) => [name, shape])
    console.log(JSON.stringify({ out: call.out, axes: bucket, arrays: Object.fromEntries(shapes) }))
    return
  }
  const axes = Object.entries(bucket).map(([axis, length]) => `${axis} = ${length}`)
  console.log(
    `Wrote ${call.out}: ${Object.keys(arrays).length} arrays for ${table.pairTypes.length} couplings of ${counted(table.names.length, 'molecule')}`,
  )
  console.log(`Axes, padding included: ${axes.join(', ')}`)
}

/** The trained network of a run, or an entry prepared on the embedded data set. */
async function sourceOf({ run: folder, entry, preset }: FeaturesCall): Promise<FeatureSource> {
  if ((folder === undefined) === (entry === undefined)) {
    throw new UsageError(
      'features are made for a network. Give either --run <run folder> or --entry <entry>.',
    )
  }
  if (folder !== undefined) return (await openTrained(folder)).trained
  const model = entryOf(entry!)
  const config = presetConfig(model, preset)
  const { table } = await readDataset(EMBEDDED)
  return { model, config, state: model.prepare(table, config) }
}

/** The arrays, the table of pairs, and what they are as texts. */
function formatFeatures(
  source: FeatureSource,
  table: MoleculeTable,
  { arrays, bucket }: FeatureBatch,
): Uint8Array {
  const { id, version } = source.model.entry
  const pairs = table.pairTypes.length
  const owners = table.names.flatMap((_, molecule) =>
    Array.from(
      { length: table.pairOffsets[molecule + 1]! - table.pairOffsets[molecule]! },
      () => molecule,
    ),
  )
  const elements = Array.from(
    table.pairAtoms,
    (atom, end) => table.atomicNumbers[table.atomOffsets[owners[Math.floor(end / 2)]!]! + atom]!,
  )
  const column = (values: ArrayLike<number>, ...width: number[]) => ({
    shape: [pairs, ...width],
    data: Int32Array.from(values),
  })
  return formatSafetensors(
    {
      ...arrays,
      'table/molecules': column(owners),
      'table/atoms': column(table.pairAtoms, 2),
      'table/elements': column(elements, 2),
      'table/types': column(table.pairTypes),
    },
    {
      format: FORMAT,
      entry: id,
      entryVersion: version,
      config: JSON.stringify(source.config),
      features: featuresKey(source),
      molecules: JSON.stringify(table.names),
      types: JSON.stringify(COUPLING_TYPES),
      axes: JSON.stringify(bucket),
    },
  )
}
