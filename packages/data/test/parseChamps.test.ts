import { describe, expect, it } from 'vitest'
import { checkTable } from '../src/checkTable.ts'
import { DataError } from '../src/DataError.ts'
import { champsFilesFor, parseChamps } from '../src/parseChamps.ts'
import { champsFiles } from './champsFixture.ts'

const encoded = (): Map<string, Uint8Array> =>
  new Map(
    Object.entries(champsFiles()).map(([name, text]) => [name, new TextEncoder().encode(text)]),
  )

describe('parseChamps', () => {
  it('gives a sound table or one error, whatever byte is changed, left out or the last', () => {
    const refusals: string[] = []
    let read = 0
    for (const [name, bytes] of encoded()) {
      for (let position = 0; position < bytes.length; position += 3) {
        const wrong = [0, 0x0a, 0x0d, 0x22, 0x2c, 0x2d, 0x2e, 0x30, 0x65, 0xff][position % 10]!
        const changes = [
          bytes.with(position, wrong),
          Uint8Array.from([...bytes.subarray(0, position), ...bytes.subarray(position + 1)]),
          bytes.subarray(0, position),
        ]
        for (const change of changes) {
          try {
            const { table } = parseChamps(encoded().set(name, change), {
              part: 'all',
              sample: false,
            })
            checkTable(table)
            expect(table.couplings?.some((value) => Math.abs(value) === Infinity)).not.toBe(true)
            read++
          } catch (error) {
            if (!(error instanceof DataError)) throw error
            refusals.push(error.message)
          }
        }
      }
    }
    // Another digit is another number, so some changes cannot be noticed.
    expect(refusals.length).toBeGreaterThan(read)
    const printable = /^\[@couplet\/data\] [\x20-\x7e\u2026]+\.$/
    expect(refusals.filter((message) => !printable.test(message))).toEqual([])
    expect(read).toBeGreaterThan(0)
  })

  it('never takes a file that was cut short', () => {
    for (const [name, bytes] of encoded()) {
      for (let length = 0; length < bytes.length; length++) {
        // What ends at a line end cannot be told from a shorter file; only a header alone can.
        if (bytes[length - 1] === 0x0a && length > bytes.indexOf(0x0a) + 1) continue
        const files = encoded().set(name, bytes.subarray(0, length))
        const options = name === 'train_sources.csv' ? { sample: true } : { part: 'all' as const }
        expect(() => parseChamps(files, options)).toThrow(DataError)
      }
    }
  })
})

describe('champsFilesFor', () => {
  const present = new Set(Object.keys(champsFiles()))

  it('names only the files that the part needs', () => {
    expect(champsFilesFor(present, { part: 'test' })).not.toContain('train.csv')
    expect(champsFilesFor(present, { part: 'test' })).not.toContain(
      'scalar_coupling_contributions.csv',
    )
    expect(champsFilesFor(present)).not.toContain('test.csv')
    expect(champsFilesFor(present)).not.toContain('train_sources.csv')
    expect(champsFilesFor(present, { sample: true })).toContain('train_sources.csv')
    expect(champsFilesFor(new Set(['structures.csv', 'other.csv']))).toEqual(['structures.csv'])
  })
})
