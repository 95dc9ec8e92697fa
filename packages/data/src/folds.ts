import { constitutionKey, hash } from './constitutionKey.ts'
import { DataError } from './DataError.ts'
import type { MoleculeTable } from './MoleculeTable.ts'
import { moleculeAt, selectMolecules } from './selectMolecules.ts'

/** Number of folds over the molecules that are scored. */
export const FOLDS = 5

/** The "fold" of molecules of the tuning set. */
export const TUNING = -1

/** Share of all constitutions that the tuning set takes. */
const TUNING_SHARE = 0.15

/** Molecules to learn from and molecules to be tested on; no constitution is in both. */
export interface Split {
  /** Molecules to learn from. */
  readonly train: MoleculeTable
  /** Molecules held out. */
  readonly test: MoleculeTable
}

/**
 * What decides the fold of a molecule: the key of its constitution, so that conformers, stereoisomers and the same molecule
 * in another data set share a fold; of its name where the bonds do not connect its atoms.
 */
export function foldKey(table: MoleculeTable, molecule: number): string {
  const { name, atomicNumbers, bondAtoms } = moleculeAt(table, molecule)
  return constitutionKey(atomicNumbers, bondAtoms) ?? hash(`couplet name v1\n${name}`)
}

/**
 * Fold of one molecule: {@link TUNING} (-1) or 0 to 4. It depends on the molecule alone, never on the rest of the table or
 * on chance. Two independent parts of the key's hash decide: the first whether it is tuning, the second which fold.
 */
export function foldOf(table: MoleculeTable, molecule: number): number {
  const key = foldKey(table, molecule)
  const share = Number.parseInt(key.slice(0, 8), 16) / 2 ** 32
  return share < TUNING_SHARE ? TUNING : Number.parseInt(key.slice(8, 16), 16) % FOLDS
}

/** Fold of every molecule, `[molecules]`: -1 = tuning set, 0 to 4 = the fold in which it is held out. */
export function assignFolds(table: MoleculeTable): Int8Array {
  return Int8Array.from(table.names, (_, molecule) => foldOf(table, molecule))
}

/** Number of inner folds, into which a model with two stages cuts the molecules that it learns from. */
export const INNER_FOLDS = 4

/**
 * Inner fold of every molecule, `[molecules]`: 0 to 3. In a model with two stages it says which network of the first has never seen the molecule.
 * It depends on the molecule alone, by a third independent part of its key's hash, so that every fold of {@link assignFolds} has all four.
 */
export function assignInnerFolds(table: MoleculeTable): Int8Array {
  const part = (molecule: number): string => foldKey(table, molecule).slice(16, 24)
  return Int8Array.from(table.names, (_, m) => Number.parseInt(part(m), 16) % INNER_FOLDS)
}

/**
 * One fold of the cross-validation behind the results. `test`: the molecules of the fold. `train`: those of the other four
 * folds; the tuning set is in neither. Over the five folds every molecule outside the tuning set is tested once.
 * A small table may leave a side empty.
 * @throws DataError unless `fold` is 0, 1, 2, 3 or 4.
 */
export function foldSplit(table: MoleculeTable, fold: number): Split {
  if (!Number.isInteger(fold) || fold < 0 || fold >= FOLDS) {
    throw new DataError(`there is no fold ${fold}. Choose 0 to ${FOLDS - 1}.`)
  }
  return split(
    table,
    (other) => other !== TUNING && other !== fold,
    (other) => other === fold,
  )
}

/**
 * The split on which hyperparameters are chosen. `test`: the tuning set, a fixed share of about 15 %, in no reported
 * score. `train`: the molecules of all five folds. Choose by the score on `test` alone, then report from
 * {@link foldSplit}: no held-out score of a fold may guide a choice.
 */
export function tuningSplit(table: MoleculeTable): Split {
  return split(
    table,
    (fold) => fold !== TUNING,
    (fold) => fold === TUNING,
  )
}

function split(
  table: MoleculeTable,
  isTrain: (fold: number) => boolean,
  isTest: (fold: number) => boolean,
): Split {
  const folds = Array.from(assignFolds(table))
  const where = (matches: (fold: number) => boolean): MoleculeTable =>
    selectMolecules(
      table,
      folds.flatMap((fold, molecule) => (matches(fold) ? [molecule] : [])),
    )
  return { train: where(isTrain), test: where(isTest) }
}
