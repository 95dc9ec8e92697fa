import { describe, expect, it } from 'vitest'
import { parseCountBytes, parseDecimal, parseDecimalBytes } from '../src/parseDecimal.ts'

/** Parses text that stands between others, as in a file. */
function within<T>(parse: (bytes: Uint8Array, start: number, end: number) => T, text: string): T {
  const bytes = new TextEncoder().encode(`9${text}9`)
  return parse(bytes, 1, bytes.length - 1)
}

describe('parseDecimal and parseDecimalBytes', () => {
  it('give exactly the numbers of the language', () => {
    // A fixed linear congruential generator, so that a failure can be repeated.
    let state = 1
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    const digits = (count: number): string =>
      Array.from({ length: count }, () => random(10)).join('')
    for (let trial = 0; trial < 20_000; trial++) {
      const sign = ['', '', '-', '+'][random(4)]!
      const fraction = random(2) ? `.${digits(1 + random(18))}` : ''
      const exponent = random(4) ? '' : `e${['', '-', '+'][random(3)]}${random(30)}`
      const text = `${sign}${digits(1 + random(9))}${fraction}${exponent}`
      if (Math.abs(Number(text)) > 3.4e38) continue
      expect(within(parseDecimalBytes, text)).toBe(Number(text))
      expect(parseDecimal(text)).toBe(Number(text))
    }
  })

  it.each(['0', '-0', '.5', '5.', '0.1', '123456789012345', '1234567890123456', '1e-400'])(
    'read %s',
    (text) => {
      expect(within(parseDecimalBytes, text)).toBe(Number(text))
      expect(parseDecimal(text)).toBe(Number(text))
    },
  )

  it.each(
    ['', ' ', '-', '.', '-.', 'e5', 'nan', 'NaN', 'inf', 'Infinity', '0x10', '0b1', '1_0', '1,5']
      .concat(['1.2.3', '1e', '1e5.5', ' 1', '1 ', '1f', '--1', '3.5e38', '-1e999', '١'])
      .concat([`1.${'0'.repeat(70)}x`]),
  )('refuse %j', (text) => {
    expect(within(parseDecimalBytes, text)).toBeNaN()
    expect(parseDecimal(text)).toBeNaN()
  })
})

describe('parseCountBytes', () => {
  it.each(['0', '7', '007', '4294967295'])('reads %s', (text) => {
    expect(within(parseCountBytes, text)).toBe(Number(text))
  })

  it.each(['', '-1', '+1', '1.0', '1e3', '4294967296', '00000000001', ' 1'])(
    'refuses %j',
    (text) => {
      expect(within(parseCountBytes, text)).toBe(-1)
    },
  )
})
