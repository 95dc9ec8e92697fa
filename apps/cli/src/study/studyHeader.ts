import { foldKey } from '@couplet/data'
import { STUDY_SCHEMA_VERSION, type RanksStudy } from '@couplet/eval'
import type { Basis } from './readBasis.ts'

type Header = Pick<
  RanksStudy,
  'schemaVersion' | 'dataset' | 'fold' | 'counts' | 'inputs' | 'partial' | 'notes'
>

/** What every comparison over five folds must say of itself. */
const SHARED_TRAINING =
  'Models of different folds share three quarters of their training molecules: no interval here covers the choice of training molecules.'

/** The fields that every study file begins with. */
export function studyHeader(
  { dataset, scored, inputs, partial }: Basis,
  notes: readonly string[] = [],
): Header {
  const constitutions = new Set(scored.names.map((_, molecule) => foldKey(scored, molecule)))
  return {
    schemaVersion: STUDY_SCHEMA_VERSION,
    dataset: { name: dataset.name, sha256: dataset.sha256, licence: dataset.licence },
    fold: 'all',
    counts: {
      molecules: scored.names.length,
      constitutions: constitutions.size,
      pairs: scored.pairIds.length,
    },
    inputs: [...inputs],
    partial,
    notes: [SHARED_TRAINING, ...notes],
  }
}
