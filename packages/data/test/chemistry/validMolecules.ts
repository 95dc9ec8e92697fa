import type { Chemistry } from '../../src/chemistry.ts'
import type { MoleculeTable } from '../../src/MoleculeTable.ts'

/** Total bond orders that are allowed for `atomicNumber charge`; written down apart from the table that perception uses. */
const VALENCES: Readonly<Record<string, number>> = {
  '1 0': 1,
  '6 0': 4,
  '6 -1': 3,
  '7 0': 3,
  '7 1': 4,
  '7 -1': 2,
  '8 0': 2,
  '8 1': 3,
  '8 -1': 1,
  '9 0': 1,
  '9 -1': 0,
}

/** 1 for molecules that were perceived, have an allowed valence at every atom and formal charges that add up to 0, `[molecules]`. */
export function validMolecules(table: MoleculeTable, chemistry: Chemistry): Uint8Array {
  const failed = new Set(chemistry.failures.map(({ molecule }) => molecule))
  return Uint8Array.from(table.names, (_, molecule) => {
    const start = table.atomOffsets[molecule]!
    const end = table.atomOffsets[molecule + 1]!
    const valences = new Uint8Array(end - start)
    for (let bond = table.bondOffsets[molecule]!; bond < table.bondOffsets[molecule + 1]!; bond++) {
      valences[table.bondAtoms[2 * bond]!]! += chemistry.bondOrders[bond]!
      valences[table.bondAtoms[2 * bond + 1]!]! += chemistry.bondOrders[bond]!
    }
    const charges = chemistry.formalCharges.subarray(start, end)
    const balanced = charges.reduce((sum, charge) => sum + charge, 0) === 0
    const allowed = valences.every(
      (valence, atom) =>
        VALENCES[`${table.atomicNumbers[start + atom]} ${charges[atom]}`] === valence,
    )
    return !failed.has(molecule) && balanced && allowed ? 1 : 0
  })
}
