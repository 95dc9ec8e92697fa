import { elementSymbol, moleculeAt, type MoleculeTable } from '@couplet/data'
import type { LabelInput } from './LabelInput.ts'

/** Molecules of a table whose contributions are known for some pair, at the geometries of the table. */
export function publicMolecules(table: MoleculeTable): LabelInput[] {
  return table.names.flatMap((name, molecule) => {
    const [start, end] = [table.pairOffsets[molecule]!, table.pairOffsets[molecule + 1]!]
    const known = table.contributions?.subarray(4 * start, 4 * end).some((x) => !Number.isNaN(x))
    return known ? [labelInput(table, molecule, name, name)] : []
  })
}

/** One molecule of a table, to be labelled at its geometry. */
export function labelInput(
  table: MoleculeTable,
  molecule: number,
  name: string,
  source: string,
): LabelInput {
  const { atomicNumbers, positions } = moleculeAt(table, molecule)
  return {
    name,
    source,
    elements: Array.from(atomicNumbers, (number) => elementSymbol(number)),
    positions: Array.from(atomicNumbers, (_, atom) =>
      // Single precision holds about seven digits; more would be noise.
      [0, 1, 2].map((axis) => Number(positions[3 * atom + axis]!.toFixed(6))),
    ),
  }
}
