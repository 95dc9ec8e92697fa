import { COUPLING_TYPES, type CouplingType } from '@couplet/data'
import type { APIRoute } from 'astro'
import { API_VERSION } from '../../../../lib/api.ts'
import { readOpenData } from '../../../../lib/openMolecules.ts'
import { errorLines } from '../../../../lib/typeFigures.ts'

export function getStaticPaths() {
  return COUPLING_TYPES.map((type) => ({ params: { type: type.toLowerCase() }, props: { type } }))
}

/** Mean absolute errors of every entry on a coupling type, over dihedral angle or distance. */
export const GET: APIRoute<{ type: CouplingType }> = async ({ props: { type } }) => {
  const { molecules, predictions } = await readOpenData()
  const pairs = molecules.flatMap((molecule) => molecule.pairs.filter((pair) => pair.type === type))
  return Response.json({ version: API_VERSION, ...errorLines(type, pairs, predictions) })
}
