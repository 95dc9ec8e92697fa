import { describe, expect, it } from 'vitest'
import { parseCsv } from '../src/parseCsv.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('parseCsv', () => {
  it('gives equal texts equal codes, however many there are', () => {
    // More names than the first hash table has slots, each twice, in two orders.
    const names = Array.from({ length: 5000 }, (_, index) => `molecule_${(index * 7919) % 5000}`)
    const rows = [...names, ...names.toReversed()]
    const { columns } = parseCsv(bytes(`name\n${rows.join('\n')}\n`), 'x.csv', { name: 'text' })
    expect(columns.name.values).toEqual(names)
    expect(Array.from(columns.name.codes, (code) => columns.name.values[code])).toEqual(rows)
  })

  it('reads what it wrote, whatever the values', () => {
    const rows = Array.from({ length: 300 }, (_, row) => ({
      id: (row * 2_654_435_761) % 2 ** 32,
      name: `${'x'.repeat(row % 7)}${row % 13}`,
      value: Math.sin(row) * 10 ** ((row % 40) - 20),
    }))
    for (const end of ['\n', '\r\n']) {
      const lines = rows.map((row) => `${row.name},${row.value},${row.id}`)
      const text = ['name,value,id', ...lines, ''].join(end)
      const table = parseCsv(bytes(text), 'x.csv', { id: 'count', name: 'text', value: 'number' })
      expect(
        rows.map((_, row) => ({
          id: table.columns.id[row],
          name: table.columns.name.values[table.columns.name.codes[row]!],
          value: table.columns.value[row],
        })),
      ).toEqual(rows)
    }
  })

  it('refuses a name that is too long', () => {
    const [fits, tooLong] = [200, 201].map((length) => bytes(`name\n${'x'.repeat(length)}\n`))
    const table = parseCsv(fits!, 'x.csv', { name: 'text' })
    expect(table.columns.name.values[0]).toHaveLength(200)
    expect(() => parseCsv(tooLong!, 'x.csv', { name: 'text' })).toThrow(
      'x.csv line 2: name is "xxxxxxxx',
    )
  })

  it('does not take bytes of another encoding for columns, nor print them', () => {
    const utf16 = new Uint8Array(
      Uint16Array.from('name\nx\n', (letter) => letter.charCodeAt(0)).buffer,
    )
    expect(() => parseCsv(utf16, 'x.csv', { name: 'text' })).toThrow(
      String.raw`x.csv line 1 has no column name, but has "n\u0000a\u0000m\u0000e\u0000"`,
    )
  })

  it('does not mistake a column for a property that every object has', () => {
    const table = parseCsv(bytes('constructor,__proto__,name\n1,2,x\n'), 'x.csv', { name: 'text' })
    expect(Object.keys(table.columns)).toEqual(['name'])
  })
})
