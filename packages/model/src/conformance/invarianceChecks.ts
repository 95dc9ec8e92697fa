import { buildTable, moleculeAt, selectMolecules, type MoleculeTable } from '@couplet/data'
import { rotateMolecules } from '../rotateMolecules.ts'
import { shuffled } from '../batches.ts'
import type { Bucket } from '../Model.ts'
import { broken, firstDifference } from './compare.ts'
import { heldOutMolecules } from './molecules.ts'
import type { Subject } from './Subject.ts'

/** Couplings do not depend on how a molecule lies in space. */
export async function checkMotion(subject: Subject): Promise<void> {
  const { state } = await subject.trained()
  const molecules = heldOutMolecules()
  const before = await subject.couplings(molecules)
  const turned = rotateMolecules(molecules, 5)
  const shift = [3.1, -2.3, 1.7]
  const positions = turned.positions.map((value, index) => value + shift[index % 3]!)
  const after = await subject.couplings({ ...turned, positions })
  const where = firstDifference(before, after, molecules, state.scale)
  if (where)
    throw broken(subject.model, `a rotation and translation changes a prediction (${where}).`)
}

/** Couplings do not depend on the order in which a file lists the atoms. */
export async function checkAtomOrder(subject: Subject): Promise<void> {
  const { state } = await subject.trained()
  const molecules = heldOutMolecules()
  const before = await subject.couplings(molecules)
  const { table, rows } = reorderAtoms(molecules)
  const permuted = await subject.couplings(table)
  const after = Float32Array.from(rows, (row) => permuted[row]!)
  const where = firstDifference(before, after, molecules, state.scale)
  if (where)
    throw broken(subject.model, `another order of the atoms changes a prediction (${where}).`)
}

/** Couplings of a molecule do not depend on the molecules that share its batch. */
export async function checkBatchMates(subject: Subject): Promise<void> {
  const trained = await subject.trained()
  const molecules = heldOutMolecules()
  const bucket = subject.bucketOf(molecules, trained)
  const together = await subject.couplings(molecules, bucket)
  for (const molecule of molecules.names.keys()) {
    // In the same bucket, so that the padding is not what makes the difference.
    const one = selectMolecules(molecules, [molecule])
    const alone = await subject.couplings(one, bucket)
    const rows = together.subarray(
      molecules.pairOffsets[molecule],
      molecules.pairOffsets[molecule + 1],
    )
    const where = firstDifference(alone, rows, one, trained.state.scale)
    if (where) {
      throw broken(subject.model, `other molecules in the batch change a prediction (${where}).`)
    }
  }
}

/** Couplings do not depend on the size of the bucket. */
export async function checkPadding(subject: Subject): Promise<void> {
  const trained = await subject.trained()
  const molecules = heldOutMolecules()
  const bucket = subject.bucketOf(molecules, trained)
  const larger = Object.fromEntries(
    Object.entries(bucket).map(([axis, length]) => [axis, length + 13]),
  ) as unknown as Bucket
  const before = await subject.couplings(molecules, bucket)
  const after = await subject.couplings(molecules, larger)
  const where = firstDifference(before, after, molecules, trained.state.scale)
  if (where) throw broken(subject.model, `a larger bucket changes a prediction (${where}).`)
}

/**
 * The molecules as a file with another order of atoms would give them: bonds and pairs found anew.
 * @returns the table, and for every pair of the original its row there.
 */
function reorderAtoms(molecules: MoleculeTable): { table: MoleculeTable; rows: number[] } {
  const orders = molecules.names.map((_, molecule) =>
    shuffled(moleculeAt(molecules, molecule).atomicNumbers.length, 11 + molecule),
  )
  const table = buildTable(
    orders.map((order, molecule) => {
      const { name, atomicNumbers, positions } = moleculeAt(molecules, molecule)
      return {
        name,
        atomicNumbers: Uint8Array.from(order, (atom) => atomicNumbers[atom]!),
        positions: Float32Array.from(
          order.flatMap((atom) => [...positions.subarray(3 * atom, 3 * atom + 3)]),
        ),
      }
    }),
  )
  const rowOf = new Map<string, number>()
  forEachPair(table, (molecule, pair, one, other) => {
    rowOf.set(pairKey(molecule, orders[molecule]![one]!, orders[molecule]![other]!), pair)
  })
  const rows: number[] = []
  forEachPair(molecules, (molecule, _, one, other) =>
    rows.push(rowOf.get(pairKey(molecule, one, other))!),
  )
  return { table, rows }
}

function forEachPair(
  { names, pairOffsets, pairAtoms }: MoleculeTable,
  visit: (molecule: number, pair: number, one: number, other: number) => void,
): void {
  for (const molecule of names.keys()) {
    for (let pair = pairOffsets[molecule]!; pair < pairOffsets[molecule + 1]!; pair++) {
      visit(molecule, pair, pairAtoms[2 * pair]!, pairAtoms[2 * pair + 1]!)
    }
  }
}

/** Which way round two hydrogens stand in a pair follows the order of the atoms. */
function pairKey(molecule: number, one: number, other: number): string {
  return [molecule, Math.min(one, other), Math.max(one, other)].join()
}
