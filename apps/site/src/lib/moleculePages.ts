import { type OpenMolecule, readOpenData } from './openMolecules.ts'

/** Rows of a page of the list: some 30 kB of HTML. */
const ROWS = 100

/** The molecules of each page of the list. */
export async function moleculePages(): Promise<OpenMolecule[][]> {
  const { molecules } = await readOpenData()
  return Array.from({ length: Math.ceil(molecules.length / ROWS) }, (_, page) =>
    molecules.slice(page * ROWS, (page + 1) * ROWS),
  )
}
