import { describe, expect, it } from 'vitest'
import {
  alignErrors,
  measureErrors,
  mergeErrorTables,
  scoreErrors,
  scorePairs,
} from '../src/index.ts'
import { exampleTable } from './examples.ts'

const table = exampleTable({
  methane: [
    [0, 84],
    [0, 85],
    [3, -12],
  ],
  carbonDioxide: [],
  ammonia: [[1, 43]],
})

describe('measureErrors', () => {
  it('sums |error| and counts pairs per molecule and type', () => {
    const errors = measureErrors(table, [85, 83, -12.5, 43])
    expect(Array.from(errors.errorSums.slice(0, 8))).toEqual([3, 0, 0, 0.5, 0, 0, 0, 0])
    expect(Array.from(errors.counts.slice(0, 8))).toEqual([2, 0, 0, 1, 0, 0, 0, 0])
    expect(Array.from(errors.counts.slice(8))).toEqual([
      ...Array(8).fill(0),
      0,
      1,
      0,
      0,
      0,
      0,
      0,
      0,
    ])
  })

  it('keeps all that the metric needs', () => {
    const predictions = [85, 83, -12.5, 40]
    expect(scoreErrors(measureErrors(table, predictions))).toEqual(
      scorePairs(predictions, table.couplings!, table.pairTypes),
    )
  })

  it('has one fold key for two conformers, and others for other molecules', () => {
    // Carbon monoxide twice, and nitrogen; none has a geometry.
    const three = {
      ...exampleTable({ a: [[0, 1]], b: [[0, 2]], c: [[0, 3]] }),
      atomOffsets: Uint32Array.of(0, 2, 4, 6),
      atomicNumbers: Uint8Array.of(6, 8, 8, 6, 7, 7),
      bondOffsets: Uint32Array.of(0, 1, 2, 3),
      bondAtoms: Uint16Array.of(0, 1, 0, 1, 0, 1),
    }
    const { foldKeys } = measureErrors(three, [1, 2, 3])
    expect(foldKeys![1]).toBe(foldKeys![0])
    expect(foldKeys![2]).not.toBe(foldKeys![0])
  })

  it('names row, id and molecule of a bad prediction', () => {
    expect(() => measureErrors(table, [85, 83, -12, Number.NaN])).toThrow(
      'Row 3 (id 1003) of ammonia: the prediction is NaN',
    )
  })

  it('refuses unlabelled molecules and wrong lengths', () => {
    const { couplings: _, ...unlabelled } = table
    expect(() => measureErrors(unlabelled, [1, 2, 3, 4])).toThrow('no couplings')
    expect(() => measureErrors(table, [1])).toThrow('1 predictions for 4 labels')
  })
})

describe('mergeErrorTables', () => {
  it('scores folds together as if they were one table', () => {
    const one = exampleTable({ a: [[0, 1]], b: [[2, 5]] })
    const other = exampleTable({ c: [[0, 4]] })
    const both = exampleTable({ a: [[0, 1]], b: [[2, 5]], c: [[0, 4]] })
    const merged = mergeErrorTables([measureErrors(one, [2, 8]), measureErrors(other, [9])])
    expect(merged).toEqual(measureErrors(both, [2, 8, 9]))
  })

  it('refuses a molecule that two folds scored', () => {
    const errors = measureErrors(exampleTable({ a: [[0, 1]] }), [2])
    expect(() => mergeErrorTables([errors, errors])).toThrow('a is in more than one')
  })
})

describe('alignErrors', () => {
  it('follows names, not places', () => {
    const forward = measureErrors(exampleTable({ a: [[0, 1]], b: [[0, 2]] }), [2, 5])
    const backward = measureErrors(exampleTable({ b: [[0, 2]], a: [[0, 1]] }), [5, 2])
    expect(alignErrors(forward, backward)).toEqual(forward)
  })

  it.each([
    ['another number of molecules', { a: [[0, 1]] as const }, 'hold 2 and 1 molecules'],
    ['another molecule', { a: [[0, 1]], c: [[0, 2]] } as const, 'b is in only one'],
    ['another type', { a: [[0, 1]], b: [[1, 2]] } as const, 'b has 1 pairs of one type'],
  ])('refuses %s', (_, molecules, message) => {
    const reference = measureErrors(exampleTable({ a: [[0, 1]], b: [[0, 2]] }), [2, 5])
    const other = exampleTable(molecules)
    expect(() => alignErrors(reference, measureErrors(other, other.couplings!))).toThrow(message)
  })
})
