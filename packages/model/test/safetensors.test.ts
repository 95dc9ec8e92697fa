import type { HostArrays } from '@couplet/engine'
import { describe, expect, test } from 'vitest'
import { ModelError } from '../src/ModelError.ts'
import { formatSafetensors, parseSafetensors } from '../src/safetensors.ts'

const arrays: HostArrays = {
  'head/kernel': { shape: [2, 3], data: Float32Array.of(1, -2.5, 3e-38, 4, NaN, Infinity) },
  index: { shape: [2], data: Int32Array.of(-7, 2 ** 31 - 1) },
  scalar: { shape: [], data: Float32Array.of(0.1) },
  empty: { shape: [0, 4], data: new Float32Array(0) },
}
const metadata = { entry: 'toy', note: 'Molekül "a", 1 Å\n' }
const bytes = formatSafetensors(arrays, metadata)

/** A file of this header and these values. */
function file(header: unknown, values = new Uint8Array(8), length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  )
  const result = new Uint8Array(8 + text.length + values.length)
  new DataView(result.buffer).setBigUint64(0, length ?? BigInt(text.length), true)
  result.set(text, 8)
  result.set(values, 8 + text.length)
  return result
}

describe('safetensors', () => {
  test('gives back what was written', () => {
    expect(parseSafetensors(bytes, 'a file')).toEqual({ arrays, metadata })
  })

  test('reads a file from the middle of a larger buffer', () => {
    const larger = new Uint8Array(bytes.length + 3)
    larger.set(bytes, 3)
    expect(parseSafetensors(larger.subarray(3), 'a file').arrays).toEqual(arrays)
  })

  test('lies on disk as the format says: length, JSON, little-endian values without gaps', () => {
    const view = new DataView(bytes.buffer)
    const length = Number(view.getBigUint64(0, true))
    expect(length % 8).toBe(0)
    const text = new TextDecoder().decode(bytes.subarray(8, 8 + length))
    expect(text.startsWith('{')).toBe(true)
    expect(text.trimEnd().endsWith('}')).toBe(true)
    expect(JSON.parse(text)).toEqual({
      __metadata__: metadata,
      'head/kernel': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
      index: { dtype: 'I32', shape: [2], data_offsets: [24, 32] },
      scalar: { dtype: 'F32', shape: [], data_offsets: [32, 36] },
      empty: { dtype: 'F32', shape: [0, 4], data_offsets: [36, 36] },
    })
    expect(bytes).toHaveLength(8 + length + 36)
    expect(view.getFloat32(8 + length + 4, true)).toBe(-2.5)
    expect(view.getInt32(8 + length + 24, true)).toBe(-7)
  })

  test('refuses a file cut short anywhere', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => parseSafetensors(bytes.subarray(0, length), 'cut.safetensors')).toThrow(
        ModelError,
      )
    }
  })

  const whole = { dtype: 'F32', shape: [2], data_offsets: [0, 8] }
  test.each([
    {
      what: 'a header longer than the file',
      bytes: file({}, undefined, 2n ** 63n),
      message: /header is longer than the file/,
    },
    { what: 'a header that is no JSON', bytes: file('{"a": '), message: /header is not JSON/ },
    { what: 'a header that is a list', bytes: file([]), message: /header is not JSON/ },
    {
      what: 'a header that is no text',
      bytes: file('{}').fill(0xff, 8, 10),
      message: /header is not JSON/,
    },
    {
      what: 'half floats',
      bytes: file({ a: { ...whole, dtype: 'F16' } }),
      message: /array a has no valid dtype/,
    },
    {
      what: 'a negative length',
      bytes: file({ a: { ...whole, shape: [-2] } }),
      message: /array a has no valid/,
    },
    {
      what: 'a length that is no number',
      bytes: file({ a: { ...whole, shape: ['2'] } }),
      message: /array a has no valid/,
    },
    {
      what: 'too many values',
      bytes: file({ a: { ...whole, shape: [3] } }),
      message: /array a has 8 bytes for 3 values/,
    },
    {
      what: 'an enormous shape',
      bytes: file({ a: { ...whole, shape: [2 ** 40, 2 ** 40] } }),
      message: /array a has 8 bytes/,
    },
    {
      what: 'values behind the end',
      bytes: file({ a: { ...whole, data_offsets: [8, 16] } }),
      message: /array a ends after the file/,
    },
    {
      what: 'an end before the start',
      bytes: file({ a: { ...whole, data_offsets: [8, 0] } }),
      message: /array a has -8 bytes/,
    },
    {
      what: 'three offsets',
      bytes: file({ a: { ...whole, data_offsets: [0, 4, 8] } }),
      message: /array a has no valid/,
    },
    { what: 'an array that is null', bytes: file({ a: null }), message: /array a has no valid/ },
    {
      what: 'metadata that is no text',
      bytes: file({ __metadata__: { a: 1 } }),
      message: /__metadata__ holds something else/,
    },
    {
      what: 'metadata that is a list',
      bytes: file({ __metadata__: [] }),
      message: /__metadata__ holds something else/,
    },
  ])('refuses $what', ({ bytes: hostile, message }) => {
    expect(() => parseSafetensors(hostile, 'odd.safetensors')).toThrow(ModelError)
    expect(() => parseSafetensors(hostile, 'odd.safetensors')).toThrow(message)
    expect(() => parseSafetensors(hostile, 'odd.safetensors')).toThrow(/odd\.safetensors: /)
  })

  test('keeps an array named like a part of every object', () => {
    const text = '{"__proto__": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}'
    const { arrays: read } = parseSafetensors(file(text), 'odd.safetensors')
    expect(Object.keys(read)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
  })
})
