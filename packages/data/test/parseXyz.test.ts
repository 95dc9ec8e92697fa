import { describe, expect, it } from 'vitest'
import { DataError } from '../src/DataError.ts'
import { parseXyz } from '../src/parseXyz.ts'

const WATER = '3\nwater\nO 0 0 0.12\nH 0 0.76 -0.48\nH 0 -0.76 -0.48\n'
/** Made up in the form of QM9: exponents, charges, frequencies, SMILES and InChI. */
const QM9 = [
  '3',
  'gdb 3\t799.6\t437.9\t282.9',
  'O\t-0.0343604951\t 9.775395708*^-1\t 0.0076015923\t-0.589706',
  'H\t 0.0647664923\t 0.0205721989\t 0.001534634\t 0.294853',
  'H\t 6.2999999*^-6\t 1.3007921548\t 0.*^-6\t 0.294853',
  '1671.4222\t3803.6305\t3907.698',
  'O\tO',
  'InChI=1S/H2O/h1H2\tInChI=1S/H2O/h1H2',
  '',
].join('\n')

describe('parseXyz', () => {
  it('reads a molecule', () => {
    const [water, ...others] = parseXyz(WATER, 'water')
    expect(others).toEqual([])
    expect(water).toEqual({
      name: 'water',
      atomicNumbers: Uint8Array.of(8, 1, 1),
      positions: Float32Array.of(0, 0, 0.12, 0, 0.76, -0.48, 0, -0.76, -0.48),
    })
  })

  it.each([
    ['CRLF', WATER.replaceAll('\n', '\r\n')],
    ['a mark', `\uFEFF${WATER}`],
    ['no last line end', WATER.trimEnd()],
    ['empty lines at the end', `${WATER}\n  \n`],
    ['an empty comment', WATER.replace('water', '')],
    ['indentation and tabs', WATER.replaceAll(/^([OH]) /gm, '  $1\t ')],
    ['further columns', WATER.replaceAll(/(0\.\d+)$/gm, '$1 -0.4 label')],
    ['extended XYZ', WATER.replace('water', 'Properties=species:S:1:pos:R:3 pbc="F F F"')],
  ])('reads the same with %s', (_, text) => {
    expect(parseXyz(text, 'water')).toEqual(parseXyz(WATER, 'water'))
  })

  it('reads several frames, with empty lines between them or not', () => {
    for (const text of [WATER + QM9 + WATER, `${WATER}\n${QM9}\n\n${WATER}`]) {
      const frames = parseXyz(text, 'water')
      expect(frames.map((frame) => frame.name)).toEqual(['water-1', 'water-2', 'water-3'])
      expect(frames[2]!.positions).toEqual(frames[0]!.positions)
    }
  })

  it('refuses a file that ends within a number, and nothing that may be whole', () => {
    const whole = '3\nwater\nO 0.000 0.000 0.123\nH 0.000 0.757 -0.480\nH 0.000 -0.757 -0.480'
    expect(() => parseXyz(whole.slice(0, -1), 'water')).toThrow(
      'water line 5 ends in a number with fewer decimals than all others',
    )
    for (const text of [whole, `${whole.slice(0, -1)}\n`, whole.replace('0.123', '0.12')]) {
      expect(parseXyz(text, 'water')).toHaveLength(1)
    }
  })

  it("reads QM9's exponents and passes over its last lines", () => {
    const [water] = parseXyz(QM9, 'water')
    expect([...water!.positions.subarray(0, 3)]).toEqual(
      [-0.0343604951, 0.9775395708, 0.0076015923].map(Math.fround),
    )
    expect([...water!.positions.subarray(6)]).toEqual(
      [6.2999999e-6, 1.3007921548, 0].map(Math.fround),
    )
  })

  it.each([
    ['', 'water.xyz is empty'],
    [' \n\n', 'water.xyz is empty'],
    ['three\nwater\n', 'line 1 is "three" where the number of atoms should stand'],
    ['0\nwater\n', 'line 1 is "0" where the number of atoms'],
    ['-3\nwater\n', 'line 1 is "-3" where'],
    ['1e9\nwater\n', 'line 1 is "1e9" where'],
    ['999999999\nwater\n', 'line 1: 999999999 atoms are more than the 1000'],
    [WATER.replace('3', '4'), 'line 5 is the last, but 1 of 4 atoms are missing'],
    ['3', 'line 1 is the last, but 3 of 3 atoms are missing'],
    [WATER.replace('3', '2'), 'line 5 is "H 0 -0.76 -0.48" where the number of atoms should stand'],
    [WATER.replace('O 0', 'Xx 0'), 'line 3: the element is "Xx". Use molecules of'],
    [WATER.replace('O 0', '8 0'), 'line 3: the element is "8"'],
    [WATER.replace('H 0 0.76 -0.48', 'H 0 0.76'), 'line 4 has 2 coordinates instead of 3'],
    [WATER.replace('H 0 0.76 -0.48', ''), 'line 4: the element is ""'],
    [WATER.replace('0.76', 'nan'), 'line 4: y is "nan", which is not a finite decimal number'],
    [WATER.replace('0.76', '1e39'), 'line 4: y is "1e39"'],
    [WATER.replace('0.76', '0.7*^'), 'line 4: y is "0.7*^"'],
    [WATER.replace('0.76', '0,76'), 'line 4: y is "0,76"'],
    [WATER.replace('0.76', '0\r.76'), 'line 4 has a carriage return inside'],
    [WATER.replace('water', 'Properties=pos:R:3:species:S:1'), 'line 2: species and pos are not'],
    [QM9.replace('1671.4222', 'CCO'), 'line 6 should hold the frequencies'],
    [QM9.replace('InChI=', ''), 'line 8 should hold the InChI'],
  ])('refuses %j', (text, message) => {
    const parse = () => parseXyz(text, 'water', 'water.xyz')
    expect(parse).toThrow(DataError)
    expect(parse).toThrow(message)
  })
})
