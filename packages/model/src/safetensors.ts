import type { HostArray, HostArrays } from '@couplet/engine'
import { ModelError } from './ModelError.ts'

/**
 * Arrays as a safetensors file (an 8-byte little-endian length, a JSON header, the raw values): the format that the Python
 * library of that name reads.
 */
export function formatSafetensors(
  arrays: HostArrays,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata }
  let offset = 0
  const names = Object.keys(arrays)
  for (const name of names) {
    const { shape, data } = arrays[name]!
    const dtype = data instanceof Int32Array ? 'I32' : 'F32'
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] }
    offset += data.byteLength
  }
  // Spaces fill the header to a multiple of eight, so that the values lie aligned.
  const json = JSON.stringify(header)
  const text = new TextEncoder().encode(json)
  const length = Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(8 + length + offset)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.fill(0x20, 8, 8 + length)
  bytes.set(text, 8)
  let at = 8 + length
  for (const name of names) {
    const { data } = arrays[name]!
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return bytes
}

/**
 * Reads what {@link formatSafetensors} or another writer of the format wrote; values of other types than F32 and I32 are refused.
 * @param where name of the file, for messages.
 * @throws ModelError if the bytes are no safetensors file or are cut short.
 */
export function parseSafetensors(
  bytes: Uint8Array,
  where: string,
): { arrays: HostArrays; metadata: Readonly<Record<string, string>> } {
  const refuse = (what: string): never => {
    throw new ModelError(`${where}: ${what}. Use a checkpoint that Couplet wrote, copied whole.`)
  }
  if (bytes.length < 8) refuse('the file is too short for a safetensors header')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getBigUint64(0, true)
  if (length > BigInt(bytes.length - 8)) refuse('the header is longer than the file')
  const values = bytes.subarray(8 + Number(length))
  const header =
    parseHeader(bytes.subarray(8, 8 + Number(length))) ?? refuse('the header is not JSON')
  // fromEntries, because assigning to a name such as __proto__ would not make an array of that name.
  const arrays: HostArrays = Object.fromEntries(
    Object.entries(header)
      .filter(([name]) => name !== '__metadata__')
      .map(([name, entry]): [string, HostArray] => [name, readArray(name, entry, values, refuse)]),
  )
  const metadata = header['__metadata__'] ?? {}
  if (!isTexts(metadata)) return refuse('__metadata__ holds something else than texts')
  return { arrays, metadata }
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function readArray(
  name: string,
  entry: unknown,
  values: Uint8Array,
  refuse: (what: string) => never,
): HostArray {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>
  const [from, to] = isCounts(offsets) && offsets.length === 2 ? offsets : []
  if (
    !isCounts(shape) ||
    from === undefined ||
    to === undefined ||
    (dtype !== 'F32' && dtype !== 'I32')
  ) {
    return refuse(`array ${name} has no valid dtype (F32 or I32), shape and data_offsets`)
  }
  const size = shape.reduce((product, axis) => product * axis, 1)
  if (to > values.length) return refuse(`array ${name} ends after the file: it was cut short`)
  if (to - from !== 4 * size)
    return refuse(`array ${name} has ${to - from} bytes for ${size} values`)
  const copy = new Uint8Array(values.subarray(from, to)).buffer // a Buffer's own slice would share memory
  return { shape, data: dtype === 'I32' ? new Int32Array(copy) : new Float32Array(copy) }
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0)
}

function isTexts(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === 'string')
  )
}
