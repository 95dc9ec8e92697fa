import { expect, test } from 'vitest'
import { drawErrorHistogram } from '../src/lib/entryFigures.ts'
import { renderMarkdown } from '../src/lib/markdown.ts'
import { formatShare } from '../src/lib/numbers.ts'
import type { OpenData } from '../src/lib/openMolecules.ts'
import { originalSizes } from '../src/lib/originalSizes.ts'

test('a share claims no more than the resamples can tell', () => {
  expect(formatShare(0.984)).toBe('98.4\u00a0%')
  expect(formatShare(0.9996)).toBe('more than 99.9\u00a0%')
  expect(formatShare(0)).toBe('less than 0.1\u00a0%')
})

test('links within a Markdown page are kept, and lead to its headings', () => {
  const html = renderMarkdown('packages/dft/CARD.md')
  const links = Array.from(html.matchAll(/href="#([^"]*)"/g), ([, anchor]) => anchor)
  expect(links.length).toBeGreaterThan(0)
  for (const anchor of links) expect(html).toContain(`id="${anchor}"`)
})

test('the sizes of 2019 name the smallest network too', () => {
  expect(originalSizes()).toContain('2.25 million (Team Bird Brain) to 218.8 million')
})

test('a histogram of errors ends at the same place for all types, and counts what lies beyond', () => {
  const errors = Array.from({ length: 1000 }, (_, pair) => (pair - 500) / 100)
  const pairs = errors.map((_, index) => ({
    index,
    coupling: 0,
    type: index < 900 ? '1JHC' : '3JHH',
  }))
  const data = {
    molecules: [{ pairs }],
    predictions: new Map([['some', Float32Array.from(errors)]]),
  } as unknown as OpenData
  const { low, high, count, beyond } = drawErrorHistogram('Some', 'some', data)!
  expect(low).toBeCloseTo(-4.9)
  expect(high).toBeCloseTo(4.89)
  expect({ count, beyond }).toEqual({ count: 1000, beyond: 20 })
  expect(drawErrorHistogram('Other', 'other', data)).toBeUndefined()
})
