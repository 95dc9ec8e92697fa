import { buildTable, COUPLING_TYPES } from '@couplet/data'
import { expect, test } from 'vitest'
import { buildVocabulary, SUBTYPE_LEVEL } from '../src/vocabulary.ts'

/** Formaldehyde and hydrogen cyanide: two couplings 1JHC at a trigonal carbon and one at a linear one. */
const plain = buildTable([
  {
    name: 'formaldehyde',
    atomicNumbers: Uint8Array.of(6, 8, 1, 1),
    positions: Float32Array.of(0, 0, 0, 1.2, 0, 0, -0.6, 0.9, 0, -0.6, -0.9, 0),
  },
  {
    name: 'hydrogen cyanide',
    atomicNumbers: Uint8Array.of(1, 6, 7),
    positions: Float32Array.of(-1.07, 0, 0, 0, 0, 0, 1.16, 0, 0),
  },
])
const TYPE = COUPLING_TYPES.indexOf('1JHC')
// Hertz: 160 and 170 in formaldehyde, 250 in hydrogen cyanide; the other types do not matter.
const hertz = [160, 170, 250].values()
const table = {
  ...plain,
  couplings: Float32Array.from(plain.pairTypes, (type) =>
    type === TYPE ? hertz.next().value! : 5,
  ),
}
const [TRIGONAL, LINEAR] = ['1JHC 4,3,2,1', '1JHC 4,2,3,1']

/** Mean and spread in hertz of every subtype of 1JHC, and the one that stands in for unknown ones. */
function subtypes(rare: number) {
  const { symbols, mean, deviation, fallback } = buildVocabulary(table, Infinity, rare)
  const own = symbols[1]![SUBTYPE_LEVEL]!.flatMap((symbol, at) =>
    symbol.startsWith('1JHC') ? [[symbol, [mean[at]!, deviation[at]!]] as const] : [],
  )
  return { scales: Object.fromEntries(own), fallback: fallback[TYPE] }
}

test('subtypes with enough pairs stand by themselves, each with a scale of its own', () => {
  const { scales, fallback } = subtypes(1)
  expect(scales).toEqual({ '1JHC': [0, 1], [TRIGONAL]: [165, 5], [LINEAR]: [250, 1] })
  expect(fallback).toBe(TRIGONAL)
})

test('a rare subtype stands under the bare type, with the scale of its pairs', () => {
  const { scales, fallback } = subtypes(2)
  expect(scales).toEqual({ '1JHC': [250, 1], [TRIGONAL]: [165, 5] })
  expect(fallback).toBe(TRIGONAL)
})

test('where all subtypes are rare, the bare type has the pairs of all', () => {
  const { scales, fallback } = subtypes(3)
  const mean = (160 + 170 + 250) / 3
  const squares = [160, 170, 250].map((value) => (value - mean) ** 2)
  const deviation = Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / 3)
  expect(Object.keys(scales)).toEqual(['1JHC'])
  expect(scales['1JHC']![0]).toBeCloseTo(mean, 4)
  expect(scales['1JHC']![1]).toBeCloseTo(deviation, 4)
  expect(fallback).toBe('1JHC')
})
