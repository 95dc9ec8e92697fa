import { buildTable, COUPLING_TYPES, parseXyz } from '@couplet/data'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { slicePairs } from '../../src/index.ts'

const METHANOL = readFileSync(
  new URL('../../../../docs/guides/methanol.xyz', import.meta.url),
  'utf8',
)

/** Many times the same molecule under other names. */
function methanols(count: number) {
  return buildTable(
    Array.from({ length: count }, (_, index) => parseXyz(METHANOL, `methanol-${index}`)).flat(),
  )
}

it('sorts the pairs of methanol by what is known of it', () => {
  const slices = slicePairs(methanols(10))
  const rows = slices.map(
    ({ property, type, value, pairs }) =>
      `${COUPLING_TYPES[type]} ${property} ${value}: ${pairs.length}`,
  )
  // Three C-H bonds, one 2JHC to the hydroxyl hydrogen, three 2JHH, three 3JHH over the oxygen.
  expect(rows).toContain('1JHC hybridisation sp3: 30')
  expect(rows).toContain('1JHC ring size no ring: 30')
  expect(rows).toContain('2JHH heteroatom on the path none: 30')
  expect(rows).toContain('3JHH heteroatom on the path O: 30')
  expect(rows).toContain('3JHH hybridisation sp3, sp3: 30')
  // One hydrogen opposite of the hydroxyl's, two beside it.
  expect(rows).toContain('3JHH dihedral 60 to 90 degrees: 20')
  expect(rows).toContain('1JHC distance 1 to 1.25 angstrom: 30')
  expect(rows).toContain('3JHH heavy atoms 2: 30')
  expect(slices.every(({ molecules }) => molecules === 10)).toBe(true)
})

it('leaves out cells that are too small', () => {
  const rows = slicePairs(methanols(10)).map(
    ({ type, property }) => `${COUPLING_TYPES[type]} ${property}`,
  )
  // Ten pairs.
  expect(rows.filter((row) => row.startsWith('2JHC'))).toEqual([])
  expect(slicePairs(methanols(4))).toEqual([])
})
