import { ensembleBytes } from '../../../lib/ensembleData.ts'

/** Out-of-fold predictions for the ensemble builder; predictions.json says how it is laid out. */
export async function GET(): Promise<Response> {
  return new Response(await ensembleBytes())
}
