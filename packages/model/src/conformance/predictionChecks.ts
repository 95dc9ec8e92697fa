import { COUPLING_TYPES, selectMolecules, type MoleculeTable } from '@couplet/data'
import { fit } from '../fit.ts'
import { predict } from '../predict.ts'
import type { Trained } from '../Trained.ts'
import { broken, describePair, firstDifference, firstUnequal } from './compare.ts'
import { extremeMolecules, heldOutMolecules, methaneOnly, trainingMolecules } from './molecules.ts'
import type { Subject } from './Subject.ts'

/** Every pair gets one finite value, in the table's order. */
export async function checkFinite(subject: Subject): Promise<void> {
  const trained = await subject.trained()
  const molecules = heldOutMolecules()
  const values = await subject.couplings(molecules)
  expectFinite(subject, values, molecules)
  const reversed = [...molecules.names.keys()].toReversed()
  const backwards = await predict(trained, selectMolecules(molecules, reversed), { workers: 1 })
  const inOrder = new Float32Array(values.length)
  let row = 0
  for (const molecule of reversed) {
    const [from, to] = [molecules.pairOffsets[molecule]!, molecules.pairOffsets[molecule + 1]!]
    inOrder.set(backwards.subarray(row, row + to - from), from)
    row += to - from
  }
  const where = firstDifference(values, inOrder, molecules, trained.state.scale)
  if (where)
    throw broken(subject.model, `predictions do not follow the order of the pairs (${where}).`)
}

/** Molecules of extreme sizes, and coupling types that the training molecules have not, are predicted all the same. */
export async function checkExtremes(subject: Subject): Promise<void> {
  const trained = await subject.trained()
  const molecules = extremeMolecules()
  for (const batch of [1, molecules.names.length]) {
    await predictExtremes(subject, trained, molecules, batch)
  }
  const few = await fit(subject.model, methaneOnly(), {
    config: subject.config,
    recipe: subject.recipe,
    workers: 1,
    signal: AbortSignal.abort(),
  })
  await predictExtremes(subject, few, trainingMolecules(), 4)
}

async function predictExtremes(
  subject: Subject,
  trained: Trained,
  molecules: MoleculeTable,
  batch: number,
): Promise<void> {
  try {
    await predict(trained, molecules, { workers: 1, batch })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw broken(subject.model, `an unusual molecule cannot be predicted (${reason}).`)
  }
}

/**
 * A held-out molecule's prediction comes from its geometry alone: not from its couplings or contributions, nor from the shieldings, dipoles
 * and energies that the competition published for training molecules only. Mulliken charges count as labels too, unless the entry says it reads them.
 */
export async function checkLabels(subject: Subject): Promise<void> {
  await subject.trained()
  const molecules = heldOutMolecules()
  const before = await subject.couplings(molecules)
  for (const [how, changed] of [
    ['other', withOtherLabels(molecules, subject.model.entry.charges === 'mulliken')],
    ['no', withoutLabels(molecules, subject.model.entry.charges === 'mulliken')],
  ] as const) {
    const bad = firstUnequal(before, await subject.couplings(changed))
    if (bad >= 0) {
      throw broken(
        subject.model,
        `predictions depend on labels of the molecules to predict: with ${how} labels ${describePair(molecules, bad)} changes.`,
      )
    }
  }
}

const LABELS = [
  'couplings',
  'contributions',
  'shieldingTensors',
  'dipoleMoments',
  'potentialEnergies',
  'mullikenCharges',
] as const

function labelsOf(keepsCharges: boolean): readonly (typeof LABELS)[number][] {
  return keepsCharges ? LABELS.filter((name) => name !== 'mullikenCharges') : LABELS
}

function withOtherLabels(molecules: MoleculeTable, keepsCharges: boolean): MoleculeTable {
  const columns = labelsOf(keepsCharges).map((name) => [name, molecules[name]!.toReversed()])
  return { ...molecules, ...Object.fromEntries(columns) }
}

function withoutLabels(molecules: MoleculeTable, keepsCharges: boolean): MoleculeTable {
  const names: readonly string[] = labelsOf(keepsCharges)
  const rest = Object.entries(molecules).filter(([name]) => !names.includes(name))
  return Object.fromEntries(rest) as unknown as MoleculeTable
}

function expectFinite(subject: Subject, values: Float32Array, molecules: MoleculeTable): void {
  if (values.length !== molecules.pairTypes.length) {
    throw broken(
      subject.model,
      `there are ${values.length} predictions for ${molecules.pairTypes.length} pairs.`,
    )
  }
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) {
    throw broken(
      subject.model,
      `the prediction for ${describePair(molecules, bad)} is ${values[bad]}.`,
    )
  }
}

/** Mean absolute error over the types that occur, in units of each type's standard deviation. */
export function standardisedError(
  predictions: Float32Array,
  molecules: MoleculeTable,
  scale: Trained['state']['scale'],
): number {
  const perType = COUPLING_TYPES.flatMap((_, type) => {
    const pairs = [...molecules.pairTypes.keys()].filter(
      (pair) => molecules.pairTypes[pair] === type,
    )
    const sum = pairs.reduce(
      (total, pair) => total + Math.abs(predictions[pair]! - molecules.couplings![pair]!),
      0,
    )
    return pairs.length > 0 ? [sum / pairs.length / scale.deviation[type]!] : []
  })
  return perType.reduce((sum, value) => sum + value, 0) / perType.length
}
