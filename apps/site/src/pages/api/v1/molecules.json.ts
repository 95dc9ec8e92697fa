import { API_VERSION } from '../../../lib/api.ts'
import { isTuning, OPEN_DATASET, readOpenData } from '../../../lib/openMolecules.ts'

/** An index of the molecules that are shown one by one. */
export async function GET(): Promise<Response> {
  const { molecules } = await readOpenData()
  return Response.json({
    version: API_VERSION,
    dataset: OPEN_DATASET,
    molecules: molecules.map((molecule) => ({
      name: molecule.name,
      formula: molecule.formula,
      smiles: molecule.origin.smiles,
      pairs: molecule.pairs.length,
      fold: isTuning(molecule) ? 'tuning' : String(molecule.fold),
      geometry: molecule.origin.torsion
        ? `torsion at ${molecule.origin.torsion.degrees}°`
        : molecule.origin.geometry,
    })),
  })
}
