import { foldKey, type MoleculeTable } from '@couplet/data'
import { STUDY_SCHEMA_VERSION, type RankedEntry, type RanksStudy } from '@couplet/eval'
import type { Dataset } from '../Dataset.ts'
import type { Basis } from './readBasis.ts'

type Header = Pick<
  RanksStudy,
  'schemaVersion' | 'dataset' | 'fold' | 'counts' | 'inputs' | 'partial' | 'notes'
>

/** What every comparison over five folds must say of itself. */
const SHARED_TRAINING =
  'Models of different folds share three quarters of their training molecules: no interval here covers the choice of training molecules.'

/** The fields that every study of published results begins with. */
export function studyHeader(basis: Basis, notes: readonly string[] = []): Header {
  const { dataset, scored, partial } = basis
  return {
    ...trainingHeader(dataset, scored, 'all', partial, [SHARED_TRAINING, ...notes]),
    inputs: [...basis.inputs],
  }
}

/**
 * What to know of comparisons with a single seed.
 * @param seeds of each comparison in the study.
 * @param lenders entries whose spread between seeds the comparisons are given.
 */
export function seedNotes(
  seeds: readonly (readonly number[])[],
  lenders: readonly RankedEntry[] = [],
): string[] {
  const single = seeds.filter(({ length }) => length === 1).length
  if (single === 0) return []
  const which = single === seeds.length ? 'One seed' : `One seed in ${single} of ${seeds.length}`
  return lenders.length === 0
    ? [`${which}: what another would change is not known, and in no interval.`]
    : [
        `${which}: intervals are given the spread between seeds of ${lenders.map(({ entry }) => entry).join(', ')}, which may not be that of these networks.`,
      ]
}

/** The fields that every study of further trainings begins with, which has no published files behind it. */
export function trainingHeader(
  { name, sha256, licence }: Dataset,
  scored: MoleculeTable,
  fold: Header['fold'],
  partial: string | null,
  notes: readonly string[],
): Header {
  const constitutions = new Set(scored.names.map((_, molecule) => foldKey(scored, molecule)))
  return {
    schemaVersion: STUDY_SCHEMA_VERSION,
    dataset: { name, sha256, licence },
    fold,
    counts: {
      molecules: scored.names.length,
      constitutions: constitutions.size,
      pairs: scored.pairIds.length,
    },
    inputs: [],
    partial,
    notes: [...notes],
  }
}
