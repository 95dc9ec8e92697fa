import { describe, expect, it } from 'vitest'
import { buildTable, type MoleculeRecord } from '../src/buildTable.ts'
import { checkTable } from '../src/checkTable.ts'
import { DataError } from '../src/DataError.ts'
import { elementSymbol } from '../src/elements.ts'
import type { MoleculeTable } from '../src/MoleculeTable.ts'
import { acetylene, methane } from './testMolecules.ts'

/** Acetylene with one labelled pair. */
const labelled: MoleculeRecord = {
  ...acetylene,
  pairs: {
    atoms: Uint16Array.of(2, 0),
    types: Uint8Array.of(0),
    couplings: Float32Array.of(249),
    contributions: Float32Array.of(248, 0.5, 0.25, 0.25),
  },
  dipoleMoment: Float32Array.of(0, 0, 0),
  potentialEnergy: -77.3,
}

/** The column with one value changed. */
function changed<T extends Uint8Array | Uint16Array | Uint32Array | Float32Array>(
  column: T,
  position: number,
  value: number,
): T {
  const copy = column.slice() as T
  copy[position] = value
  return copy
}

describe('buildTable', () => {
  it('perceives bonds and pairs, and fills optional columns with NaN', () => {
    const table = buildTable([methane, labelled])
    expect([...table.bondOffsets]).toEqual([0, 4, 7])
    expect([...table.pairOffsets]).toEqual([0, 10, 11])
    expect([...table.pairIds]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect([...table.couplings!.subarray(9)]).toEqual([Number.NaN, 249])
    expect([...table.contributions!.subarray(39)]).toEqual([Number.NaN, 248, 0.5, 0.25, 0.25])
    expect([...table.dipoleMoments!]).toEqual([Number.NaN, Number.NaN, Number.NaN, 0, 0, 0])
    expect([...table.potentialEnergies!]).toEqual([Number.NaN, -77.3])
    expect('mullikenCharges' in table).toBe(false)
  })

  it('makes a table of no molecules', () => {
    const table = buildTable([])
    expect(table.names).toEqual([])
    expect([...table.pairOffsets]).toEqual([0])
  })

  it.each<[string, MoleculeRecord[], string]>([
    ['one name twice', [methane, methane], 'Two molecules are called "methane"'],
    ['no name', [{ ...methane, name: '' }], 'A molecule is called ""'],
    [
      'ids for some',
      [methane, { ...labelled, pairs: { ...labelled.pairs!, ids: Uint32Array.of(5) } }],
      'methane has no pair ids, but other molecules of the table have',
    ],
    [
      'charges of the wrong length',
      [{ ...methane, mullikenCharges: new Float32Array(4) }],
      'methane: mullikenCharges has 4 numbers instead of 5',
    ],
    [
      'another element',
      [{ ...methane, bonds: new Uint16Array(0), atomicNumbers: Uint8Array.of(14, 1, 1, 1, 1) }],
      'methane: atom 0 has atomic number 14. Use molecules of H, C, N, O and F',
    ],
  ])('refuses %s', (_, records, message) => {
    expect(() => buildTable(records)).toThrow(DataError)
    expect(() => buildTable(records)).toThrow(message)
  })
})

describe('checkTable', () => {
  const good = buildTable([methane, labelled])
  it.each<[string, Partial<MoleculeTable>, string]>([
    ['short columns', { couplings: new Float32Array(3) }, 'couplings has 3 numbers instead of 11'],
    ['falling offsets', { pairOffsets: Uint32Array.of(0, 12, 11) }, 'pairOffsets does not ascend'],
    ['too few offsets', { atomOffsets: Uint32Array.of(0, 9) }, 'atomOffsets does not ascend'],
    ['a position', { positions: changed(good.positions, 4, Number.NaN) }, 'atom 1 is not finite'],
    ['a bond', { bondAtoms: changed(good.bondAtoms, 1, 5) }, 'a bond joins atoms 0 and 5 of 5'],
    ['a bond to itself', { bondAtoms: changed(good.bondAtoms, 1, 0) }, 'joins atoms 0 and 0'],
    ['a pair', { pairAtoms: changed(good.pairAtoms, 0, 5) }, 'a pair couples atoms 5 and 0 of 5'],
    ['elements', { pairTypes: changed(good.pairTypes, 0, 1) }, 'does not have the elements of its'],
    ['a type', { pairTypes: changed(good.pairTypes, 0, 8) }, 'does not have the elements of its'],
    ['an id', { pairIds: changed(good.pairIds, 10, 3) }, 'The pair id 3 stands for two pairs'],
  ])('refuses %s', (_, change, message) => {
    expect(() => checkTable(good)).not.toThrow()
    expect(() => checkTable({ ...good, ...change })).toThrow(message)
  })
})

describe('elementSymbol', () => {
  it('knows the five elements only', () => {
    expect([1, 6, 7, 8, 9].map((number) => elementSymbol(number)).join('')).toBe('HCNOF')
    expect(() => elementSymbol(17)).toThrow(DataError)
  })
})
