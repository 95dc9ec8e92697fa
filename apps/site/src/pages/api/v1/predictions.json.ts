import { COUPLING_TYPES } from '@couplet/data'
import { API_VERSION } from '../../../lib/api.ts'
import { ensembleData } from '../../../lib/ensembleData.ts'
import { OPEN_DATASET } from '../../../lib/openMolecules.ts'

/** What predictions.bin holds. */
export async function GET(): Promise<Response> {
  const { entries, pairs } = await ensembleData()
  return Response.json({
    version: API_VERSION,
    dataset: OPEN_DATASET,
    entries,
    pairs: pairs.length,
    types: COUPLING_TYPES,
    layout:
      'little-endian: couplings [pairs] float32, predictions [entries][pairs] float32, types [pairs] uint8, folds [pairs] uint8',
  })
}
