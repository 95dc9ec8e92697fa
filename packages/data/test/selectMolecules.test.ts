import { describe, expect, it } from 'vitest'
import { DataError } from '../src/DataError.ts'
import { moleculeAt, selectMolecules } from '../src/selectMolecules.ts'
import { acetylene, ethane, hydrogenPeroxide, methane, tableOf } from './testMolecules.ts'

const table = tableOf(methane, acetylene, ethane, hydrogenPeroxide)

describe('selectMolecules', () => {
  it('returns an equal table when every molecule is selected', () => {
    expect(selectMolecules(table, [0, 1, 2, 3])).toEqual(table)
  })

  it('keeps the order of the indices and every column in step', () => {
    const chosen = selectMolecules(table, Uint32Array.of(3, 1))
    expect(chosen.names).toEqual(['hydrogen peroxide', 'acetylene'])
    expect([...chosen.atomOffsets]).toEqual([0, 4, 8])
    expect([...chosen.atomicNumbers]).toEqual([1, 8, 8, 1, 6, 6, 1, 1])
    expect(chosen.positions.subarray(0, 12)).toEqual(hydrogenPeroxide.positions)
    expect([...chosen.potentialEnergies!]).toEqual([-43, -41])
    expect([...chosen.dipoleMoments!]).toEqual([27, 30, 33, 9, 12, 15])
    const firstPair = table.pairOffsets[3]!
    expect(chosen.pairIds[0]).toBe(1000 + firstPair)
    expect(chosen.couplings![0]).toBe(firstPair + 0.5)
    expect([...chosen.contributions!.subarray(0, 4)]).toEqual(
      [0, 1, 2, 3].map((part) => 4 * firstPair + part),
    )
    const firstAtom = table.atomOffsets[3]!
    expect(chosen.mullikenCharges![0]).toBe(-firstAtom)
    expect(chosen.shieldingTensors![1]).toBe(2 * (9 * firstAtom + 1))
  })

  it('does not invent columns that the table lacks', () => {
    const { couplings: _, ...unlabelled } = table
    expect(selectMolecules(unlabelled, [0])).not.toHaveProperty('couplings')
  })

  it('makes an empty table of no index', () => {
    const empty = selectMolecules(table, [])
    expect(empty.names).toEqual([])
    expect([...empty.atomOffsets]).toEqual([0])
    expect(empty.couplings).toHaveLength(0)
  })

  it('copies: the new table does not share memory', () => {
    const chosen = selectMolecules(table, [0])
    expect(chosen.positions.buffer).not.toBe(table.positions.buffer)
  })

  it('refuses unknown and repeated molecules', () => {
    expect(() => selectMolecules(table, [4])).toThrow(DataError)
    expect(() => selectMolecules(table, [-1])).toThrow(/no molecule -1 in a table of 4/)
    expect(() => selectMolecules(table, [0.5])).toThrow(/no molecule 0.5/)
    expect(() => selectMolecules(table, [2, 2])).toThrow(/\(ethane\) is selected twice/)
  })
})

describe('moleculeAt', () => {
  it('views one molecule', () => {
    const view = moleculeAt(table, 1)
    expect(view.name).toBe('acetylene')
    expect([...view.atomicNumbers]).toEqual([6, 6, 1, 1])
    expect(view.positions).toEqual(acetylene.positions)
    expect(view.bondAtoms).toHaveLength(6)
    expect(view.pairAtoms.length).toBe(2 * view.pairTypes.length)
    expect(view.positions.buffer).toBe(table.positions.buffer)
  })
})
