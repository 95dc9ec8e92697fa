import { foldKey, type MoleculeTable } from '@couplet/data'
import { groupBy } from './groupBy.ts'

/** The molecules of each constitution, as indices: conformers and stereoisomers. */
export function byConstitution(table: MoleculeTable): number[][] {
  const molecules = Array.from(table.names.keys())
  return [...groupBy(molecules, (molecule) => foldKey(table, molecule)).values()]
}
