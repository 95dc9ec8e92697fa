import { describe, expect, it } from 'vitest'
import { DataError } from '../src/DataError.ts'
import {
  assignFolds,
  assignInnerFolds,
  foldKey,
  foldOf,
  foldSplit,
  tuningSplit,
} from '../src/folds.ts'
import type { MoleculeTable } from '../src/MoleculeTable.ts'
import {
  acetylene,
  cyclobutane,
  ethane,
  hydrogenPeroxide,
  methane,
  molecule,
  moved,
  reordered,
  tableOf,
} from './testMolecules.ts'

/** Chains of carbon and nitrogen that spell their number in binary, marked by a fluorine at one end: all different. */
function chains(count: number): MoleculeTable {
  return tableOf(
    ...Array.from({ length: count }, (_, index) => {
      const digits = index.toString(2).padStart(9, '0')
      const elements = ['F', ...Array.from(digits, (digit) => (digit === '1' ? 'N' : 'C'))]
      const atoms = elements.map((element, atom) => `${element} ${1.5 * atom} 0 0`)
      return molecule(`chain ${index}`, atoms.join('\n'))
    }),
  )
}

describe('folds', () => {
  const table = chains(400)
  const folds = Array.from(assignFolds(table))
  const count = (fold: number): number => folds.filter((other) => other === fold).length

  it('puts about 15 % into the tuning set and a fifth of the rest into each fold', () => {
    expect(new Set(Array.from(table.names, (_, index) => foldKey(table, index))).size).toBe(400)
    // Four standard deviations of a binomial distribution around the shares 0.15 and 0.17.
    expect(Math.abs(count(-1) - 60)).toBeLessThan(29)
    for (const fold of [0, 1, 2, 3, 4]) expect(Math.abs(count(fold) - 68)).toBeLessThan(31)
    expect([-1, 0, 1, 2, 3, 4].map(count).reduce((sum, one) => sum + one)).toBe(400)
  })

  it('cuts every fold into four inner folds of about the same size', () => {
    const inner = Array.from(assignInnerFolds(table))
    for (const fold of [-1, 0, 1, 2, 3, 4]) {
      const counts = [0, 1, 2, 3].map(
        (part) => inner.filter((other, m) => other === part && folds[m] === fold).length,
      )
      // Four standard deviations of a binomial distribution around a quarter.
      const spread = 4 * Math.sqrt(count(fold) * 0.25 * 0.75)
      for (const part of counts) {
        expect(Math.abs(part - count(fold) / 4)).toBeLessThan(spread)
      }
      expect(counts.reduce((sum, part) => sum + part)).toBe(count(fold))
    }
  })

  it('depends on the constitution alone: not on name, atom order, place or the rest of the table', () => {
    const order = [11, 3, 7, 0, 10, 5, 2, 8, 1, 9, 6, 4]
    const alone = tableOf(cyclobutane)
    const company = tableOf(
      methane,
      { ...moved(reordered(cyclobutane, order)), name: 'another name' },
      ethane,
    )
    expect(foldKey(company, 1)).toBe(foldKey(alone, 0))
    expect(foldOf(company, 1)).toBe(foldOf(alone, 0))
    expect(assignInnerFolds(company)[1]).toBe(assignInnerFolds(alone)[0])
  })

  it('goes by the name where the bonds do not connect the atoms', () => {
    const apart = 'O 0 0 0\nO 9 0 0'
    const three = tableOf(molecule('a', apart), molecule('b', apart))
    expect(foldKey(three, 0)).not.toBe(foldKey(three, 1))
    expect(foldKey(three, 0)).toMatch(/^[0-9a-f]{64}$/)
    expect(foldKey(three, 0)).toBe(foldKey(tableOf(molecule('a', apart)), 0))
  })

  it('tests every molecule outside the tuning set once and never trains on it then', () => {
    const tuning = new Set(tuningSplit(table).test.names)
    const tested: string[] = []
    for (const fold of [0, 1, 2, 3, 4]) {
      const { train, test } = foldSplit(table, fold)
      tested.push(...test.names)
      const trained = new Set(train.names)
      expect(test.names.some((name) => trained.has(name))).toBe(false)
      expect(train.names.some((name) => tuning.has(name))).toBe(false)
      expect(train.names.length + test.names.length + tuning.size).toBe(400)
    }
    expect(tested.some((name) => tuning.has(name))).toBe(false)
    expect(new Set(tested).size).toBe(tested.length)
    expect(tested.length + tuning.size).toBe(400)
  })

  it('trains for tuning on all five folds', () => {
    const { train, test } = tuningSplit(table)
    expect(train.names.length + test.names.length).toBe(400)
    expect(Array.from(assignFolds(test)).every((fold) => fold === -1)).toBe(true)
    expect(Array.from(assignFolds(train)).every((fold) => fold >= 0)).toBe(true)
  })

  it('stays what it is: published results hang on it', () => {
    const five = tableOf(methane, acetylene, cyclobutane, ethane, hydrogenPeroxide)
    expect([...assignFolds(five)]).toEqual([2, 2, 3, 4, -1])
  })

  it('refuses folds that do not exist', () => {
    for (const fold of [-1, 5, 1.5, Number.NaN]) {
      expect(() => foldSplit(table, fold)).toThrow(DataError)
      expect(() => foldSplit(table, fold)).toThrow(/there is no fold/)
    }
  })
})
