import { describe, expect, it } from 'vitest'
import { bootstrapInterval } from '../src/bootstrapInterval.ts'
import type { ErrorTable } from '../src/errorTable.ts'
import { groupErrors, LEAST_PAIRS } from '../src/groupErrors.ts'
import { scoreErrors } from '../src/errorTable.ts'
import { TYPE_COUNT } from '../src/score.ts'
import { simulatedErrors } from './examples.ts'

/** Constitutions in a random order of their keys, two molecules each where `pairs` says so. */
function withKeys(errors: ErrorTable, each = 1): ErrorTable {
  const keyOf = (index: number): string =>
    (Math.imul(Math.floor(index / each) + 1, 2654435761) >>> 0).toString(16).padStart(16, '0')
  return { ...errors, foldKeys: errors.names.map((_, index) => keyOf(index)) }
}

/** Only the first types of the simulated errors have a cell of one or two pairs. */
function rarelyShort(molecules: number, seed: number): ErrorTable {
  const errors = simulatedErrors(molecules, seed)
  const counts = errors.counts.map((count, index) =>
    index % TYPE_COUNT > 1 ? 2 + count : index % 3 === 0 ? count : 0,
  )
  return {
    ...errors,
    counts,
    errorSums: errors.errorSums.map((sum, index) => sum * (counts[index]! > 0 ? 1 : 0)),
  }
}

describe('groups of molecules', () => {
  it.each([
    ['with many short cells', withKeys(simulatedErrors(300, 1))],
    ['with few', withKeys(rarelyShort(300, 2))],
    ['with conformers', withKeys(simulatedErrors(300, 3), 2)],
    ['too small for two groups', withKeys(simulatedErrors(2, 4))],
  ])('hold no sum over one or two pairs and lose nothing, %s', (_, errors) => {
    const groups = groupErrors(errors)
    const short = [...groups.counts].filter((count) => count > 0 && count < LEAST_PAIRS)
    // All molecules together may hold one or two pairs of a type.
    expect(groups.names.length === 1 || short.length === 0).toBe(true)
    expect(groups.groupSizes!.reduce((sum, size) => sum + size, 0)).toBe(errors.names.length)
    const [before, after] = [scoreErrors(errors), scoreErrors(groups)]
    expect(after.pairs).toBe(before.pairs)
    expect(after.score).toBeCloseTo(before.score, 10)
  })

  it('leave constitutions alone that need no company, and keep conformers together', () => {
    const errors = withKeys(rarelyShort(300, 2))
    const groups = groupErrors(errors)
    const alone = errors.names.filter((_, molecule) => {
      const own = errors.counts.subarray(molecule * TYPE_COUNT, (molecule + 1) * TYPE_COUNT)
      return own.every((count) => count === 0 || count >= LEAST_PAIRS)
    })
    expect(alone.length).toBeGreaterThan(50)
    const single = groups.groupSizes!.filter((size) => size === 1).length
    // One of them may have to take in what is left over.
    expect(alone.length - single).toBeLessThanOrEqual(1)
    expect(single).toBeLessThanOrEqual(alone.length)
    const paired = groupErrors(withKeys(simulatedErrors(300, 3), 2))
    expect(paired.groupSizes!.every((size) => size % 2 === 0)).toBe(true)
  })

  it('are the same for every entry, in whatever order its molecules are', () => {
    const errors = withKeys(simulatedErrors(100, 5))
    const other = withKeys(simulatedErrors(100, 5, 0.7))
    const order = [...errors.names.keys()].toReversed()
    const rows = (values: Float64Array | Uint32Array): number[] =>
      order.flatMap((row) => [...values.subarray(row * TYPE_COUNT, (row + 1) * TYPE_COUNT)])
    const turned = {
      names: order.map((row) => other.names[row]!),
      foldKeys: order.map((row) => other.foldKeys![row]!),
      errorSums: Float64Array.from(rows(other.errorSums)),
      counts: Uint32Array.from(rows(other.counts)),
    }
    const [one, two] = [groupErrors(errors), groupErrors(turned)]
    expect(two.names.toSorted()).toEqual(one.names.toSorted())
    const countsOf = ({ names, counts }: ErrorTable, name: string): number[] => {
      const row = names.indexOf(name)
      return [...counts.subarray(row * TYPE_COUNT, (row + 1) * TYPE_COUNT)]
    }
    for (const name of one.names) expect(countsOf(two, name)).toEqual(countsOf(one, name))
  })

  it('give intervals as wide as those of constitutions', () => {
    const ratios = [11, 12, 13, 14, 15, 16].map((seed) => {
      const errors = withKeys(rarelyShort(600, seed))
      const width = (table: ErrorTable): number => {
        const { low, high } = bootstrapInterval(table, { seed: 1, resamples: 2000 }).interval
        return high - low
      }
      return width(groupErrors(errors)) / width(errors)
    })
    const average = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length
    expect(average).toBeGreaterThan(0.93)
    expect(average).toBeLessThan(1.07)
  })
})
