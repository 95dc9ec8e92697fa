import { describe, expect, it } from 'vitest'
import { growMolecules } from '../src/growMolecules.ts'

describe('growMolecules', () => {
  it('finds every sensible molecule of two and of three heavy atoms', () => {
    const two = growMolecules(['C', 'N', 'O'])
    expect(two).toEqual(['C#C', 'C#N', 'C=C', 'C=O', 'CC', 'CF', 'CN', 'CO'])
    const three = growMolecules(two)
    // Chains of three, with all bond orders, and the rings: cyclopropane, aziridine, oxirane.
    for (const smiles of ['C1CC1', 'CCC', 'CC#N', 'NC=O', 'OC=O', 'COC']) {
      expect(three).toContain(smiles)
    }
    expect(three.filter((smiles) => smiles.includes('1')).length).toBe(3)
    expect(new Set(three).size).toBe(three.length)
  })

  it('perceives the aromatic rings that closing a ring makes', () => {
    expect(growMolecules(['C=CNC'])).toContain('c1c[nH]cc1')
  })

  it('leaves odd molecules out', () => {
    const grown = growMolecules(['CO', 'CN'])
    expect(grown).not.toContain('COO')
    expect(grown).toContain('COC')
  })
})
