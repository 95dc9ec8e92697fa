import { alignErrors, scoreErrors, type ErrorTable } from '../errorTable.ts'
import { EvalError } from '../EvalError.ts'
import { TYPE_COUNT } from '../score.ts'

/** How hard a molecule is. */
export interface MoleculeDifficulty {
  /** Its name. */
  readonly molecule: string
  /** Number of its pairs. */
  readonly pairs: number
  /** Mean over the entries of `byEntry`. */
  readonly difficulty: number
  /** For each entry, the mean over the pairs of |error| / MAE of the type: 1 is as hard as the others. */
  readonly byEntry: readonly number[]
}

/**
 * How hard each molecule is for several entries, the hardest first. Errors count in units of the entry's own MAE of their type, so
 * that neither poor entries nor large couplings decide.
 *
 * @param tables errors of the entries on the same molecules; at least one table.
 * @throws EvalError when the tables differ in molecules or counts.
 */
export function moleculeDifficulty(tables: readonly ErrorTable[]): MoleculeDifficulty[] {
  const [reference] = tables
  if (!reference) throw new EvalError('There is no error table. Give those of one entry at least.')
  const aligned = tables.map((table) => alignErrors(reference, table))
  const maes = aligned.map((table) => scoreErrors(table).types.map(({ mae }) => mae))
  const rows = reference.names.map((molecule, index) => {
    const from = index * TYPE_COUNT
    const pairs = reference.counts
      .subarray(from, from + TYPE_COUNT)
      .reduce((sum, count) => sum + count, 0)
    const byEntry = aligned.map(({ errorSums }, entry) => {
      let sum = 0
      for (let type = 0; type < TYPE_COUNT; type++) {
        const mae = maes[entry]![type]
        if (mae) sum += errorSums[from + type]! / mae
      }
      return sum / pairs
    })
    const difficulty = byEntry.reduce((sum, value) => sum + value, 0) / byEntry.length
    return { molecule, pairs, difficulty, byEntry }
  })
  return rows.filter(({ pairs }) => pairs > 0).toSorted((a, b) => b.difficulty - a.difficulty)
}
