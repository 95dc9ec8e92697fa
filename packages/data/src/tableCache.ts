import { join } from 'node:path'
import { checkTable } from './checkTable.ts'
import { DataError } from './DataError.ts'
import type { MoleculeTable } from './MoleculeTable.ts'
import { readBytes } from './readBytes.ts'
import { sha256 } from './sha256.ts'
import { writeAtomically } from './writeAtomically.ts'

/**
 * Raise it when the file format changes, and when the readers begin to make another table of the same files: older files
 * are then passed over.
 */
const VERSION = 1
const MAGIC = `couplet table ${VERSION}\n`
/** Bytes of the checksum that stands after the magic text, in hexadecimal. */
const CHECKSUM_LENGTH = 64
const PREFIX_LENGTH = MAGIC.length + CHECKSUM_LENGTH + 1 + 8

/** The element type of each column; the file holds them in this order, each on a multiple of eight bytes. */
const COLUMNS = {
  atomOffsets: Uint32Array,
  atomicNumbers: Uint8Array,
  positions: Float32Array,
  bondOffsets: Uint32Array,
  bondAtoms: Uint16Array,
  pairOffsets: Uint32Array,
  pairIds: Uint32Array,
  pairAtoms: Uint16Array,
  pairTypes: Uint8Array,
  couplings: Float32Array,
  contributions: Float32Array,
  mullikenCharges: Float32Array,
  shieldingTensors: Float32Array,
  dipoleMoments: Float32Array,
  potentialEnergies: Float64Array,
} as const

interface Header {
  readonly key: string
  /** Typed arrays have the byte order of the machine; a file from another one is passed over. */
  readonly byteOrder: string
  readonly names: readonly string[]
  /** Length of each column that the table has. */
  readonly lengths: Readonly<Record<string, number>>
  readonly notes: unknown
}

const BYTE_ORDER = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 'little' : 'big'

/**
 * Reads a table that {@link writeCachedTable} kept. Returns undefined if there is none, or if the file is damaged, foreign
 * or of another version or machine: the caller then reads the original files again.
 *
 * @param directory the cache folder
 * @param key checksum of what the table was made from, in hexadecimal
 */
export async function readCachedTable(
  directory: string,
  key: string,
): Promise<{ table: MoleculeTable; notes: unknown } | undefined> {
  try {
    const bytes = await readBytes(cachePath(directory, key))
    const table = decodeTable(bytes, key)
    if (table) checkTable(table.table)
    return table
  } catch {
    // Whatever is wrong with a cache, the answer is to do without it.
    return undefined
  }
}

/**
 * Keeps a table for {@link readCachedTable}: one file, written beside and then renamed, so that no reader ever sees half.
 *
 * @param directory the cache folder; made if missing
 * @param key checksum of what the table was made from, in hexadecimal
 * @param notes plain JSON that is kept with it
 * @throws DataError if the folder cannot be written
 */
export async function writeCachedTable(
  directory: string,
  key: string,
  table: MoleculeTable,
  notes: unknown = {},
): Promise<void> {
  await writeAtomically(cachePath(directory, key), encodeTable(table, key, notes))
}

function cachePath(directory: string, key: string): string {
  // The key becomes a file name, so it must not be able to leave the folder.
  if (!/^[0-9a-f]{8,128}$/.test(key)) {
    throw new DataError(
      'A cache key is not hexadecimal. Use sha256 of what the table was made from.',
    )
  }
  return join(directory, `${key}.table`)
}

function encodeTable(table: MoleculeTable, key: string, notes: unknown): Uint8Array[] {
  const present = columnNames().flatMap((name) => {
    const column = table[name]
    return column ? [{ name, column }] : []
  })
  const header: Header = {
    key,
    byteOrder: BYTE_ORDER,
    names: table.names,
    lengths: Object.fromEntries(present.map(({ name, column }) => [name, column.length])),
    notes,
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const parts: Uint8Array[] = [text, padding(PREFIX_LENGTH + text.length)]
  for (const { column } of present) {
    const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
    parts.push(bytes, padding(bytes.length))
  }
  const length = String(text.length).padStart(8, '0')
  const prefix = `${MAGIC}${sha256(length, ...parts)}\n${length}`
  return [new TextEncoder().encode(prefix), ...parts]
}

/**
 * The table in the bytes of a cache file, which may start anywhere in their buffer; undefined if they are damaged, or of another
 * key, version or byte order.
 */
export function decodeTable(
  bytes: Uint8Array,
  key: string,
): { table: MoleculeTable; notes: unknown } | undefined {
  const prefix = new TextDecoder('latin1').decode(bytes.subarray(0, PREFIX_LENGTH))
  if (!prefix.startsWith(MAGIC)) return undefined
  const checksum = prefix.slice(MAGIC.length, MAGIC.length + CHECKSUM_LENGTH)
  const afterChecksum = PREFIX_LENGTH - 8
  if (sha256(bytes.subarray(afterChecksum)) !== checksum) return undefined

  const headerEnd = PREFIX_LENGTH + Number(prefix.slice(afterChecksum))
  const header = JSON.parse(
    new TextDecoder().decode(bytes.subarray(PREFIX_LENGTH, headerEnd)),
  ) as Header
  if (header.key !== key || header.byteOrder !== BYTE_ORDER) return undefined

  // A typed array must start on a multiple of its element size, which a pooled buffer does not promise.
  const { buffer } = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
  const shift = bytes.byteOffset % 8 === 0 ? bytes.byteOffset : 0
  let position = headerEnd + padding(headerEnd).length
  const columns: Record<string, unknown> = {}
  for (const name of columnNames()) {
    const length = header.lengths[name]
    if (length === undefined) continue
    // Copied, so that handing one column to a worker does not take the others along.
    const column = new COLUMNS[name](buffer as ArrayBuffer, shift + position, length).slice()
    columns[name] = column
    position += column.byteLength + padding(column.byteLength).length
  }
  if (position !== bytes.length) return undefined
  const table = { names: header.names, ...columns } as unknown as MoleculeTable
  return { table, notes: header.notes }
}

const columnNames = (): (keyof typeof COLUMNS)[] => Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]

const padding = (length: number): Uint8Array => new Uint8Array(-length & 7)
