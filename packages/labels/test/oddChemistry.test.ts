import { Molecule } from 'openchemlib'
import { describe, expect, it } from 'vitest'
import { ODD_GROUPS, oddGroupOf } from '../src/oddChemistry.ts'

describe('oddGroupOf', () => {
  it.each(ODD_GROUPS)(
    'finds $name in $example, and not in $spared',
    ({ name, example, spared }) => {
      // An example may hold an earlier group too; alone it must be found, so the earlier ones are named here.
      const found = oddGroupOf(Molecule.fromSmiles(example))
      expect(found?.name).toBe(name)
      expect(oddGroupOf(Molecule.fromSmiles(spared))?.name).not.toBe(name)
    },
  )

  it.each([
    'CCO',
    'CC(=O)O',
    'NCC(=O)O',
    'c1cnoc1',
    'c1cnc[nH]1',
    'CC#N',
    'CNC(C)=O',
    'CC=NO',
    'NC(N)=O',
    'C1CC1',
    'COC(=O)N',
  ])('spares the ordinary molecule %s', (smiles) => {
    expect(oddGroupOf(Molecule.fromSmiles(smiles))).toBeUndefined()
  })
})
