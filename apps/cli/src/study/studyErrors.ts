import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { COUPLING_TYPES } from '@couplet/data'
import { readDftOrigins } from '@couplet/dft'
import {
  clusterEntries,
  formatHertz,
  mapEntries,
  moleculeDifficulty,
  noiseFloorSchema,
  OPEN_DATASETS,
  parseJson,
  residualCorrelation,
  slicePairs,
  type ErrorsStudy,
} from '@couplet/eval'
import { writeStudy } from '@couplet/eval/node'
import { EMBEDDED } from '../Dataset.ts'
import { studyPath } from '../results.ts'
import { inputOf } from './inputs.ts'
import { blendData } from './studyEnsembles.ts'
import {
  readBasis,
  withPredictions,
  type Basis,
  type BasisCall,
  type PredictedEntry,
} from './readBasis.ts'
import { studyHeader } from './studyHeader.ts'

/** Molecules that are named as the hardest. */
const HARDEST = 20

/** `couplet study errors`. */
export async function studyErrors(call: BasisCall): Promise<void> {
  const basis = withPredictions(await readBasis(call, 'predictions'))
  const floor = join(call.results, 'label-noise.json')
  const noiseFloor = parseJson(
    await readFile(floor, 'utf8'),
    noiseFloorSchema,
    floor,
    'Take it from the repository again.',
  )
  const inputs = [...basis.inputs, await inputOf(call.results, floor)]
  const study = await errorsOf({ ...basis, inputs }, noiseFloor)
  const path = studyPath(call.results, 'errors', basis.dataset.name)
  await writeStudy('errors', path, study)
  for (const { molecule, smiles, difficulty } of study.hardest?.slice(0, 5) ?? []) {
    console.log(
      `hard for all: ${molecule} (${smiles ?? 'no SMILES'}), ${difficulty.toFixed(2)} times the mean error`,
    )
  }
  console.log(
    `${study.entries.length} entries, ${study.slices.length} slices of pairs; noise of the labels ${formatHertz(Math.exp(noiseFloor.score))} Hz (geometric mean).`,
  )
  if (study.partial) console.log(`Partial: ${study.partial}`)
  console.log(`Wrote ${path}`)
}

/** Where the entries of a basis err. */
async function errorsOf(
  basis: Basis<PredictedEntry>,
  noiseFloor: ErrorsStudy['noiseFloor'],
): Promise<ErrorsStudy> {
  const { scored, entries, dataset } = basis
  const ids = entries.map(({ id }) => id)
  const correlation = residualCorrelation(blendData(basis))
  const tree = clusterEntries(correlation)
  const map = mapEntries(correlation)
  return {
    ...studyHeader(basis, ['Each entry takes part with its main seed.']),
    study: 'errors',
    entries: ids,
    correlation,
    clustering: {
      order: tree.order.map((entry) => ids[entry]!),
      merges: tree.merges.map((merge) => ({ ...merge })),
    },
    map: {
      points: map.points.map(([x, y], entry) => ({ entry: ids[entry]!, x, y })),
      share: map.share,
    },
    slices: slicePairs(scored).map(({ property, type, value, pairs, molecules }) => ({
      property,
      type: COUPLING_TYPES[type]!,
      value,
      pairs: pairs.length,
      molecules,
      maes: entries.map(({ predictions }) => {
        let sum = 0
        for (const pair of pairs) sum += Math.abs(predictions[pair]! - scored.couplings![pair]!)
        return sum / pairs.length
      }),
    })),
    hardest: OPEN_DATASETS.includes(dataset.name) ? await hardestMolecules(basis) : null,
    noiseFloor,
  }
}

async function hardestMolecules({ dataset, entries }: Basis<PredictedEntry>) {
  const origins = dataset.name === EMBEDDED ? await readDftOrigins() : []
  const smiles = new Map(origins.map((origin) => [origin.name, origin.smiles]))
  return moleculeDifficulty(entries.map(({ seeds }) => seeds[0].errors))
    .slice(0, HARDEST)
    .map(({ molecule, pairs, difficulty, byEntry }) => ({
      molecule,
      smiles: smiles.get(molecule) ?? null,
      pairs,
      difficulty,
      byEntry: [...byEntry],
    }))
}
