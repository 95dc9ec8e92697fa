import { describe, expect, it } from 'vitest'
import { coupledPairs } from '../src/coupledPairs.ts'
import { COUPLING_TYPES } from '../src/couplingTypes.ts'
import { perceiveBonds } from '../src/perceiveBonds.ts'
import {
  ethane,
  hydrogenCyanide,
  hydrogenPeroxide,
  methane,
  molecule,
  type TestMolecule,
} from './testMolecules.ts'

function pairsOf({ atomicNumbers, positions }: TestMolecule): string[] {
  const { atoms, types } = coupledPairs(atomicNumbers, perceiveBonds(atomicNumbers, positions))
  return Array.from(
    types,
    (type, pair) => `${atoms[2 * pair]}-${atoms[2 * pair + 1]} ${COUPLING_TYPES[type]}`,
  )
}

describe('coupledPairs', () => {
  it('lists methane in the order of the competition', () => {
    expect(pairsOf(methane)).toEqual([
      '1-0 1JHC',
      '1-2 2JHH',
      '1-3 2JHH',
      '1-4 2JHH',
      '2-0 1JHC',
      '2-3 2JHH',
      '2-4 2JHH',
      '3-0 1JHC',
      '3-4 2JHH',
      '4-0 1JHC',
    ])
  })

  it('counts 6 1JHC, 6 2JHC, 6 2JHH and 9 3JHH in ethane', () => {
    const types = pairsOf(ethane).map((pair) => pair.split(' ')[1])
    const count = (type: string): number => types.filter((other) => other === type).length
    expect(['1JHC', '2JHC', '2JHH', '3JHH'].map(count)).toEqual([6, 6, 6, 9])
    expect(types).toHaveLength(27)
  })

  it('types nitrogen and leaves out oxygen', () => {
    expect(pairsOf(hydrogenCyanide)).toEqual(['2-0 1JHC', '2-1 2JHN'])
    expect(pairsOf(hydrogenPeroxide)).toEqual(['0-3 3JHH'])
  })

  it('leaves out the hydrogen molecule, whose 1JHH is not one of the eight types', () => {
    expect(pairsOf(molecule('hydrogen', 'H 0 0 0\nH 0.74 0 0'))).toEqual([])
  })
})
