import { COUPLING_TYPES } from '@couplet/data'
import { describe, expect, it } from 'vitest'
import { chooseMolecules } from '../src/chooseMolecules.ts'
import { moleculeGraph, parseSmiles } from '../src/moleculeGraph.ts'
import { pairEnvironments } from '../src/pairEnvironments.ts'

const environments = (smiles: string): string[] =>
  pairEnvironments(moleculeGraph(parseSmiles(smiles))).map(({ key }) => key)

describe('pairEnvironments', () => {
  it('gives equivalent pairs one environment, and others another', () => {
    // Ethane: 6 1JHC, 6 2JHC, 6 2JHH, 9 3JHH.
    expect(environments('CC').length).toBe(27)
    expect(new Set(environments('CC')).size).toBe(4)
    const ethane = new Set(environments('CC'))
    expect(environments('CO').some((key) => ethane.has(key))).toBe(false)
  })

  it('does not depend on how the SMILES is written', () => {
    expect(environments('CCO').toSorted()).toEqual(environments('OCC').toSorted())
    expect(environments('c1cc[nH]c1').toSorted()).toEqual(environments('C1=CNC=C1').toSorted())
  })
})

describe('chooseMolecules', () => {
  const labelled = ['CC', 'CCC']

  it('prefers what is new over what is there', () => {
    const candidates = ['CCCC', 'CCN']
    expect(chooseMolecules({ labelled, candidates, count: 1, wanted: 300 })).toEqual(['CCN'])
  })

  it('takes chains and rings in turn, each once, and no more than there are', () => {
    const candidates = ['C1CC1', 'C1CN1', 'CCN', 'CCO']
    const chosen = chooseMolecules({ labelled, candidates, count: 9, wanted: 300 })
    expect(chosen.map((smiles) => smiles.includes('1'))).toEqual([false, true, false, true])
    expect(chosen.toSorted()).toEqual(candidates)
  })

  it('asks for the types that are scarce', () => {
    // Both are new; only the amine has 1JHN, of which there is none, and there are couplings to carbon enough.
    const many = Array.from({ length: 40 }, (_, index) => `C${'C'.repeat(index % 5)}`)
    const candidates = ['COC', 'CNC']
    expect(COUPLING_TYPES).toContain('1JHN')
    expect(chooseMolecules({ labelled: many, candidates, count: 1, wanted: 100 })).toEqual(['CNC'])
  })
})
