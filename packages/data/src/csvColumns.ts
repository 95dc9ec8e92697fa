import { InternedTexts } from './InternedTexts.ts'
import { parseCountBytes, parseDecimalBytes } from './parseDecimal.ts'

/** What a column holds: `text` (printable ASCII), `count` (0 to 2^32 - 1) or `number` (decimal, finite). */
export type CsvKind = 'text' | 'count' | 'number'

/** A column of text: each row's index in the list of different values, in order of first appearance. */
export interface TextColumn {
  readonly codes: Uint32Array
  readonly values: readonly string[]
}

/** Reads the fields of one column of a file. */
export interface ColumnReader {
  readonly name: string
  /** What a field must be, for errors. */
  readonly wanted: string
  /** Makes place for the rows of the file. */
  reserve(rows: number): void
  /** Reads the field `start .. end` of the file; false if it is not what is wanted. */
  read(row: number, start: number, end: number): boolean
  /** The column, once every row is read. */
  column(): TextColumn | Uint32Array | Float64Array
}

/** A reader for the column `name` of a file. */
export function columnReader(name: string, kind: CsvKind, bytes: Uint8Array): ColumnReader {
  if (kind === 'text') return textReader(name, bytes)
  return kind === 'count' ? countReader(name, bytes) : numberReader(name, bytes)
}

function textReader(name: string, bytes: Uint8Array): ColumnReader {
  const texts = new InternedTexts(bytes)
  let codes = new Uint32Array(0)
  return {
    name,
    wanted: 'a name of 1 to 200 printable ASCII characters',
    reserve(rows) {
      codes = new Uint32Array(rows)
    },
    read(row, start, end) {
      const code = texts.code(start, end)
      codes[row] = code
      return code >= 0
    },
    column: () => ({ codes, values: texts.values() }),
  }
}

function countReader(name: string, bytes: Uint8Array): ColumnReader {
  let values = new Uint32Array(0)
  return {
    name,
    wanted: 'a whole number from 0 to 4294967295',
    reserve(rows) {
      values = new Uint32Array(rows)
    },
    read(row, start, end) {
      const value = parseCountBytes(bytes, start, end)
      values[row] = value
      return value >= 0
    },
    column: () => values,
  }
}

function numberReader(name: string, bytes: Uint8Array): ColumnReader {
  let values = new Float64Array(0)
  return {
    name,
    wanted: 'a finite decimal number',
    reserve(rows) {
      values = new Float64Array(rows)
    },
    read(row, start, end) {
      const value = parseDecimalBytes(bytes, start, end)
      values[row] = value
      return !Number.isNaN(value)
    },
    column: () => values,
  }
}
