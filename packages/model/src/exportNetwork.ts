import { COUPLING_TYPES, selectMolecules, type MoleculeTable } from '@couplet/data'
import { exportGraph, findRunner, type ExportedGraph, type ExportedPort } from '@couplet/engine'
import * as tf from '@tensorflow/tfjs'
import { MOST_NUMBERS, MOST_ROWS, numbersOf } from './batchMemory.ts'
import { axisSizes, totalSizes, volume, worstCase, type AxisSizes } from './batches.ts'
import { compareExport, type ExportCheck } from './compareExport.ts'
import { featureBatch, networkOf, TYPE_INPUT, type Capacity } from './featureBatch.ts'
import type { Bucket } from './Model.ts'
import { ModelError } from './ModelError.ts'
import type { Trained } from './Trained.ts'
import { withoutLabels } from './withoutLabels.ts'

/** How to export. */
export interface ExportOptions {
  /** Axes that get this length instead of a free one, for programs that want fixed shapes. */
  readonly capacity?: Capacity
  /** Further texts for the file's metadata, for example data set and licences. */
  readonly metadata?: Readonly<Record<string, string>>
  /** Called with what is going on. */
  readonly onProgress?: (share: number, detail: string) => void
}

/** A trained network as a file for other programs. */
export interface ExportedNetwork extends Pick<
  ExportedGraph,
  'inputs' | 'outputs' | 'free' | 'fixed'
> {
  /** The ONNX file. */
  readonly onnx: Uint8Array
  /** What the file says about itself. */
  readonly metadata: Readonly<Record<string, string>>
  /** How its predictions compare with those of `predict`, or why that was not tried. */
  readonly check: ExportCheck | { readonly skipped: string }
}

/** Version of the file's layout: names of inputs, outputs and metadata. */
const FORMAT = 'couplet-onnx-1'
/** Largest accepted difference from `predict`, relative to the coupling or to 1 Hz where it is smaller. */
const TOLERANCE = 1e-5
/** Axes that cannot be free hold this many of the largest molecules, or as many as fit into memory. */
const MOLECULES_OF_FIXED = 16

/**
 * A trained network as an ONNX file: its forward graph with the weights, from features to couplings in hertz, for batches of any size where
 * that is possible. Before it is returned the file is run in ONNX Runtime on batches of different size and compared with `predict`; if a
 * graph with free axes differs, one with fixed axes takes its place.
 *
 * @param examples molecules to try it on, labelled or not.
 * @throws ModelError for a fitted model, a capacity that does not fit, or a file that does not predict the same.
 */
export async function exportNetwork(
  trained: Trained,
  examples: MoleculeTable,
  { capacity = {}, metadata = {}, onProgress = () => {} }: ExportOptions = {},
): Promise<ExportedNetwork> {
  const { config, state } = trained
  const model = networkOf(trained)
  const table = withoutLabels(examples, model.entry.charges)
  const sizes = axisSizes(table, model.sizes(table, state, config))
  const smallest = selectMolecules(table, smallestWithPairs(sizes))
  // Refuses axes that the entry has not, and capacities that hold no molecule.
  featureBatch(trained, smallest, capacity)
  const fits = (bucket: Bucket): boolean =>
    volume(bucket) <= MOST_ROWS && numbersOf(model, config, bucket) <= MOST_NUMBERS
  const axes = { ...largestBatch(sizes, fits), ...capacity }
  const write = (fixed: readonly string[]): Omit<ExportedNetwork, 'check'> => {
    const graph = compile(trained, smallest, axes, fixed)
    const texts = { ...describe(trained, graph), ...metadata }
    const { name, summary } = model.entry
    const description = { documentation: `${name}. ${summary}`, metadata: texts }
    const { inputs, outputs, free, fixed: why } = graph
    const onnx = graph.toOnnx(description, documentation(graph))
    return { onnx, metadata: texts, inputs, outputs, free, fixed: why }
  }

  onProgress(0, 'compiling')
  let exported = write(Object.keys(capacity))
  const { available, reason } = await findRunner('ort')
  if (!available) return { ...exported, check: { skipped: reason } }
  onProgress(0.5, 'comparing with predict')
  let check = await compareExport(trained, table, exported)
  if (!(check.difference <= TOLERANCE) && exported.free.length > 0) {
    exported = write(Object.keys(axes))
    check = await compareExport(trained, table, exported)
  }
  if (check.difference <= TOLERANCE) return { ...exported, check }
  throw new ModelError(
    `the exported ${model.entry.id} predicts other couplings than \`predict\` (they differ by ${check.difference}). This is a bug: please report it.`,
  )
}

/** The smallest molecule that has pairs. */
function smallestWithPairs(sizes: AxisSizes): number[] {
  const rows = (molecule: number): number => volume(totalSizes(sizes, [molecule]))
  return [...sizes['pairs']!.keys()]
    .filter((molecule) => sizes['pairs']![molecule]! > 0)
    .toSorted((a, b) => rows(a) - rows(b))
    .slice(0, 1)
}

/** Room for the largest molecules, as many as fit. */
function largestBatch(sizes: AxisSizes, fits: (bucket: Bucket) => boolean): Bucket {
  for (let count = MOLECULES_OF_FIXED; count > 1; count--) {
    const bucket = worstCase(sizes, count)
    if (fits(bucket)) return bucket
  }
  return worstCase(sizes, 1)
}

/** The graph from features to hertz. */
function compile(
  trained: Trained,
  smallest: MoleculeTable,
  axes: Bucket,
  fixed: readonly string[],
): ExportedGraph {
  const { config, state, weights } = trained
  const model = networkOf(trained)
  const { mean, deviation } = state.scale
  return exportGraph({
    axes,
    least: featureBatch(trained, smallest).bucket,
    fixed,
    weights,
    inputs: (lengths) =>
      Object.entries(featureBatch(trained, smallest, lengths).arrays).map(
        ([name, { shape, data }]) => ({
          name,
          shape,
          dtype: data instanceof Int32Array ? 'int32' : 'float32',
        }),
      ),
    build(inputs, learnt, context) {
      const { couplings } = model.forward(learnt, inputs, context, config)
      const ofType = (values: readonly number[]): tf.Tensor =>
        tf.gather(tf.tensor1d([...values]), inputs[TYPE_INPUT] as tf.Tensor1D)
      return { couplings: tf.add(ofType(mean), tf.mul(ofType(deviation), couplings)) }
    },
  })
}

type Ports = Pick<ExportedGraph, 'inputs' | 'outputs' | 'fixed'>

/** Metadata of the file: what it is, whose idea, what goes in and comes out. */
function describe({ model, config, seed }: Trained, graph: Ports): Record<string, string> {
  const { id, name, version, originator, citations, licence, deviations } = model.entry
  return {
    format: FORMAT,
    entry: id,
    entryVersion: version,
    title: name,
    config: JSON.stringify(config),
    seed: String(seed),
    units: 'hertz',
    types: JSON.stringify(COUPLING_TYPES),
    inputs: JSON.stringify(graph.inputs),
    outputs: JSON.stringify(graph.outputs),
    fixedAxes: JSON.stringify(graph.fixed),
    licence,
    credit: `Architecture after ${originator.team}; independent re-implementation, not reviewed by its originators.`,
    citations: JSON.stringify(citations),
    deviations: JSON.stringify(deviations),
  }
}

/** A line for every input and output. */
function documentation({ inputs, outputs }: Ports): Record<string, string> {
  const line = ({ name, dtype, shape }: ExportedPort): [string, string] => {
    const about: Readonly<Record<string, string>> = {
      couplings: ': coupling of every pair in hertz; rows behind the last pair are padding',
      [TYPE_INPUT]: `: index of every pair's type in ${COUPLING_TYPES.join(' ')}`,
    }
    return [name, `${dtype} [${shape.join(', ')}]${about[name] ?? ''}`]
  }
  return Object.fromEntries([...inputs, ...outputs].map(line))
}
