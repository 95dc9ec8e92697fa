import type { MoleculeTable } from '@couplet/data'
import type { Entry } from './schema.ts'

/** Only what a user's molecule has too; charges for entries that declare them. */
export function withoutLabels(molecules: MoleculeTable, charges: Entry['charges']): MoleculeTable {
  const {
    couplings: _couplings,
    contributions: _contributions,
    shieldingTensors: _tensors,
    dipoleMoments: _dipoles,
    potentialEnergies: _energies,
    mullikenCharges,
    ...rest
  } = molecules
  return charges === 'mulliken' && mullikenCharges ? { ...rest, mullikenCharges } : rest
}
