import { assignInnerFolds, selectMolecules, type MoleculeTable } from '@couplet/data'
import { createRunner, ParameterStore, type RunnerOptions } from '@couplet/engine'
import { asNetwork } from './asNetwork.ts'
import { featuresOf, MOST_NUMBERS, MOST_ROWS, numbersOf } from './batchMemory.ts'
import { axisSizes, Buckets, totalSizes, type AxisSizes } from './batches.ts'
import type { Bucket } from './Model.ts'
import { ModelError } from './ModelError.ts'
import type { Trained } from './Trained.ts'
import { withoutLabels } from './withoutLabels.ts'

/** How to predict. */
export interface PredictOptions extends Pick<RunnerOptions, 'runner' | 'workers'> {
  /** Molecules per batch; default 16. */
  readonly batch?: number
  /** Called after every batch with the molecules done. */
  readonly onProgress?: (done: number, molecules: number) => void
}

/**
 * Couplings in hertz of every pair of the molecules, `[pairs]`, in the table's order. Labels are never read.
 * @throws ModelError where a prediction is not finite, or a molecule is too large.
 */
export async function predict(
  trained: Trained,
  molecules: MoleculeTable,
  options: PredictOptions = {},
): Promise<Float32Array> {
  const { model, config, state, weights } = trained
  const unlabelled = withoutLabels(molecules, model.entry.charges)
  const couplings =
    model.kind === 'fitted'
      ? model.predict(weights, unlabelled, state, config)
      : await predictNetwork(trained, await withFirstStage(trained, unlabelled, options), options)
  const bad = couplings.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) {
    const molecule = molecules.pairOffsets.findLastIndex((offset) => offset <= bad)
    throw new ModelError(
      `${model.entry.id} predicts ${couplings[bad]} for a pair of ${molecules.names[molecule]}. Check that molecule's geometry.`,
    )
  }
  return couplings
}

/**
 * The molecules with the couplings that the first stage of a model with two stages predicts: each molecule's by the network that
 * has never seen its inner fold. Other models' molecules are returned as they are.
 */
export async function withFirstStage(
  { firstStage }: Pick<Trained, 'firstStage'>,
  molecules: MoleculeTable,
  { onProgress: _onProgress, ...options }: PredictOptions = {},
): Promise<MoleculeTable> {
  if (!firstStage) return molecules
  const folds = assignInnerFolds(molecules)
  const firstStageCouplings = new Float32Array(molecules.pairTypes.length)
  for (const [fold, network] of firstStage.entries()) {
    const members = [...molecules.names.keys()].filter((molecule) => folds[molecule] === fold)
    const values = await predict(network, selectMolecules(molecules, members), options)
    let row = 0
    for (const molecule of members) {
      const [from, to] = [molecules.pairOffsets[molecule]!, molecules.pairOffsets[molecule + 1]!]
      firstStageCouplings.set(values.subarray(row, row + to - from), from)
      row += to - from
    }
  }
  return { ...molecules, firstStageCouplings }
}

async function predictNetwork(
  { model, config, state, weights, recipe }: Trained,
  molecules: MoleculeTable,
  { batch = 16, onProgress, ...runnerOptions }: PredictOptions,
): Promise<Float32Array> {
  const couplings = new Float32Array(molecules.pairAtoms.length / 2)
  if (model.kind !== 'network' || couplings.length === 0) return couplings
  const store = new ParameterStore(model.parameters(config, state))
  store.assign(weights, store.values)
  const sizes = axisSizes(molecules, model.sizes(molecules, state, config))
  const numbers = (bucket: Bucket): number => numbersOf(model, config, bucket)
  const groups = groupsBySize(sizes, molecules, batch, numbers)
  const buckets = Buckets.from(sizes, groups)
  const loss = recipe[0]?.loss ?? { kind: 'l1' }
  const runner = await createRunner(asNetwork(model, config, loss), store, runnerOptions)
  try {
    let done = 0
    const run = async (group: readonly number[]): Promise<void> => {
      const table = selectMolecules(molecules, group)
      const shared = buckets.bucketFor(sizes, group)
      // A shape that larger molecules share may be too large where the group's own is not.
      const bucket = numbers(shared) > MOST_NUMBERS ? totalSizes(sizes, group) : shared
      const features = featuresOf(model, table, state, config, bucket)
      const { couplings: standardised } = await runner.forward(features, 'values')
      scatter(standardised!.data, molecules, group, couplings, state.scale)
      done += group.length
      onProgress?.(done, molecules.names.length)
    }
    // As many batches under way as there are workers.
    const waiting = [...groups]
    const lanes = Array.from({ length: runner.workers }, async () => {
      for (let group = waiting.shift(); group; group = waiting.shift()) await run(group)
    })
    await Promise.all(lanes)
  } finally {
    await runner.close()
  }
  return couplings
}

/**
 * Molecules of like size together, so that little is padding; those without pairs have nothing to predict.
 * @param numbers how many numbers the largest array of a batch has.
 * @throws ModelError for a molecule that does not fit into memory by itself.
 */
function groupsBySize(
  sizes: AxisSizes,
  molecules: MoleculeTable,
  batch: number,
  numbers: (bucket: Bucket) => number,
): number[][] {
  const rows = (m: number): number =>
    Object.values(sizes).reduce((sum, column) => sum + column[m]!, 0)
  const order = [...sizes['pairs']!.keys()]
    .filter((molecule) => sizes['pairs']![molecule]! > 0)
    .toSorted((a, b) => rows(a) - rows(b))
  const groups: number[][] = []
  let group: number[] = []
  let total = 0
  for (const molecule of order) {
    const own = rows(molecule)
    const alone = numbers(totalSizes(sizes, [molecule]))
    if (own > MOST_ROWS || alone > MOST_NUMBERS) {
      const what =
        own > MOST_ROWS
          ? `${own} rows, at most ${MOST_ROWS}`
          : `an array of ${alone} numbers, at most ${MOST_NUMBERS}`
      throw new ModelError(
        `${molecules.names[molecule]} is too large for this network (${what}). Predict a smaller molecule.`,
      )
    }
    if (
      group.length === batch ||
      total + own > MOST_ROWS ||
      numbers(totalSizes(sizes, [...group, molecule])) > MOST_NUMBERS
    ) {
      groups.push(group)
      group = []
      total = 0
    }
    group.push(molecule)
    total += own
  }
  return group.length > 0 ? [...groups, group] : groups
}

/** Writes a batch's predictions, in hertz, to the rows of its molecules. */
function scatter(
  standardised: Float32Array | Int32Array,
  { pairOffsets, pairTypes }: MoleculeTable,
  group: readonly number[],
  couplings: Float32Array,
  scale: Trained['state']['scale'],
): void {
  let row = 0
  for (const molecule of group) {
    for (let pair = pairOffsets[molecule]!; pair < pairOffsets[molecule + 1]!; pair++) {
      const type = pairTypes[pair]!
      couplings[pair] = scale.mean[type]! + scale.deviation[type]! * standardised[row++]!
    }
  }
}
