import { expect, test } from 'vitest'
import { elementCounts } from '../src/lib/elementCounts.ts'

test('a formula is the same however it is written', () => {
  expect(elementCounts('CH3OH')).toBe('C1H4O1')
  expect(elementCounts('CH4O')).toBe('C1H4O1')
  expect(elementCounts('NH3')).toBe(elementCounts('H3N'))
  expect(elementCounts('hcn')).toBe(elementCounts('CHN'))
  expect(elementCounts('C2H6')).not.toBe(elementCounts('C6H2'))
})

test('what is no formula has no counts', () => {
  for (const text of ['', 'couplet_000009', 'C#C', 'C(=O)O', '3C']) {
    expect(elementCounts(text)).toBeUndefined()
  }
})
