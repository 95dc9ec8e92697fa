import { API_VERSION } from '../../../lib/api.ts'
import { meanError } from '../../../lib/moleculeErrors.ts'
import { isTuning, OPEN_DATASET, readOpenData } from '../../../lib/openMolecules.ts'

/** An index of the molecules that are shown one by one. */
export async function GET(): Promise<Response> {
  const { molecules, predictions } = await readOpenData()
  const [best] = predictions.keys()
  return Response.json({
    version: API_VERSION,
    dataset: OPEN_DATASET,
    // The entry that the errors are of: the one with the best score.
    errorOf: best ?? null,
    molecules: molecules.map((molecule) => ({
      name: molecule.name,
      formula: molecule.formula,
      smiles: molecule.origin.smiles,
      pairs: molecule.pairs.length,
      fold: isTuning(molecule) ? 'tuning' : String(molecule.fold),
      geometry: molecule.origin.torsion
        ? `torsion at ${molecule.origin.torsion.degrees}°`
        : molecule.origin.geometry,
      // Mean absolute error in hertz, out of fold; null where the entry predicted nothing, as in the tuning set.
      error: roundError(best === undefined ? undefined : meanError(molecule, best, predictions)),
    })),
  })
}

/** Four digits: more would say nothing, and take bytes. */
function roundError(error: number | undefined): number | null {
  return error === undefined ? null : Number(error.toPrecision(4))
}
