import { resolve } from 'node:path'
import { Command } from 'commander'
import { writeAtomically } from '@couplet/data/node'
import { exportNetwork, type Capacity, type ExportedNetwork } from '@couplet/model'
import { counted } from '../counted.ts'
import { checkOutput } from '../checkOutput.ts'
import { capacityOption } from '../capacityOption.ts'
import { EMBEDDED, readDataset } from '../Dataset.ts'
import { exportNotes, featuresKey } from '../exportNotes.ts'
import { openTrained } from '../openTrained.ts'
import { jsonOption } from '../options.ts'
import { withProgress } from '../ProgressLine.ts'

interface ExportCall {
  readonly onnx: string
  readonly capacity: Capacity
  readonly json?: boolean
}

/** `couplet export`: a trained network as a file for other programs. */
export function exportCommand(): Command {
  return new Command('export')
    .description(
      'Write a trained network as an ONNX file, for Python, browsers and other programs.',
    )
    .argument('<run>', 'run folder with a trained network')
    .requiredOption('--onnx <file.onnx>', 'where to write')
    .addOption(capacityOption('axes of this fixed length, for programs that need fixed shapes'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  couplet export runs/mpnn-… --onnx mpnn.onnx
  couplet export runs/mpnn-… --onnx mpnn.onnx --capacity molecules=2 atoms=30 edges=900 pairs=200

The file goes from features to couplings in hertz; \`couplet features\` makes the features of molecules. It is written only if ONNX
Runtime gives the predictions of \`couplet predict\` with it, to 1e-5. The weights alone are in the run's checkpoint.safetensors.
A guide with a program in Python: docs/guides/use-a-trained-network.md`,
    )
    .action((folder: string, call: ExportCall) => run(folder, call))
}

async function run(folder: string, { onnx: file, capacity, json }: ExportCall): Promise<void> {
  const { run: opened, trained } = await openTrained(folder)
  await checkOutput(file, [folder])
  const { plan } = opened
  const { table } = await readDataset(EMBEDDED)
  const exported = await withProgress(
    `${plan.entry.id} to ONNX`,
    (line) =>
      exportNetwork(trained, table, {
        capacity,
        metadata: { ...exportNotes(plan), features: featuresKey(trained) },
        onProgress: (share, detail) => line.update(share, detail),
      }),
    ({ check }) =>
      'skipped' in check
        ? `not compared with predict: ${check.skipped}`
        : `same as predict on ${check.pairs} couplings of ${counted(check.molecules, 'molecule')} (difference at most ${check.difference.toExponential(0)})`,
  )
  await writeAtomically(resolve(file), [exported.onnx])
  const { onnx, ...report } = exported
  if (json) console.log(JSON.stringify({ file, bytes: onnx.length, ...report }))
  else console.log(describe(folder, file, exported))
}

function describe(folder: string, file: string, exported: ExportedNetwork): string {
  const { onnx, inputs, outputs, free, fixed, metadata } = exported
  const ports = [
    ...inputs.map((port) => ({ ...port, role: 'input' })),
    ...outputs.map((port) => ({ ...port, role: 'output' })),
  ]
  const width = Math.max(...ports.map(({ name }) => name.length))
  const fixedAxes = Object.entries(fixed).map(
    ([axis, { length, reason }]) => `${axis} = ${length} (${reason})`,
  )
  return [
    `Wrote ${file}: ${(onnx.length / 1e6).toFixed(2)} MB, ONNX operator set 20`,
    ...ports.map(
      ({ role, name, dtype, shape }) =>
        `  ${role.padEnd(6)}  ${name.padEnd(width)}  ${dtype.padEnd(7)}  [${shape.join(', ')}]`,
    ),
    `Axes of any length: ${free.join(', ') || 'none'}`,
    ...(fixedAxes.length > 0 ? [`Axes of one length: ${fixedAxes.join(', ')}`] : []),
    `Couplings are in hertz, at the level ${metadata['level']}. Weights: ${metadata['weightsLicence']}.`,
    `Its features: couplet features molecule.xyz --run ${folder} --out molecule.safetensors${capacityHint(fixed)}`,
  ].join('\n')
}

/** What `couplet features` must be told of fixed axes. */
function capacityHint(fixed: ExportedNetwork['fixed']): string {
  const axes = Object.entries(fixed).map(([axis, { length }]) => `${axis}=${length}`)
  return axes.length > 0 ? ` --capacity ${axes.join(' ')}` : ''
}
