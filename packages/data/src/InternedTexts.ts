import { asciiText } from './parseDecimal.ts'

const LONGEST = 200

/**
 * Gives equal texts of one file equal small numbers, without making a string for each occurrence: a column of names
 * repeats each of them tens of times. An open-addressing hash table over the bytes of the first occurrences.
 */
export class InternedTexts {
  readonly #bytes: Uint8Array
  #starts: number[] = []
  #ends: number[] = []
  /** Code + 1 of the text in each slot, 0 where free; a power of two long, at most half full. */
  #slots = new Int32Array(1024)
  #last = -1

  /** @param bytes the file that all texts lie in */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Number of the text `start .. end`, in order of first appearance; -1 if it is empty, too long or not printable. */
  code(start: number, end: number): number {
    // Neighbouring rows mostly belong to one molecule.
    if (this.#last >= 0 && this.#equals(this.#last, start, end)) return this.#last
    if (start === end || end - start > LONGEST) return -1
    let hash = 0x811c9dc5
    for (let position = start; position < end; position++) {
      const byte = this.#bytes[position]!
      if (byte <= 0x20 || byte >= 0x7f) return -1
      hash = Math.imul(hash ^ byte, 0x01000193)
    }
    // FNV-1a leaves its low bits poorly mixed, and only those choose the slot.
    let slot = (hash ^ (hash >>> 15)) & (this.#slots.length - 1)
    for (;;) {
      const code = this.#slots[slot]! - 1
      if (code < 0) break
      if (this.#equals(code, start, end)) return (this.#last = code)
      slot = (slot + 1) & (this.#slots.length - 1)
    }
    const code = this.#starts.length
    this.#starts.push(start)
    this.#ends.push(end)
    this.#slots[slot] = code + 1
    if (2 * code > this.#slots.length) this.#grow()
    return (this.#last = code)
  }

  /** The different texts in order of their numbers. */
  values(): string[] {
    return this.#starts.map((start, code) => asciiText(this.#bytes, start, this.#ends[code]!))
  }

  #equals(code: number, start: number, end: number): boolean {
    const other = this.#starts[code]!
    const length = end - start
    if (this.#ends[code]! - other !== length) return false
    // Names of one file differ at their end, so compare from there.
    for (let index = length - 1; index >= 0; index--) {
      if (this.#bytes[other + index] !== this.#bytes[start + index]) return false
    }
    return true
  }

  #grow(): void {
    const starts = this.#starts
    const ends = this.#ends
    this.#slots = new Int32Array(this.#slots.length * 4)
    this.#starts = []
    this.#ends = []
    this.#last = -1
    for (let code = 0; code < starts.length; code++) this.code(starts[code]!, ends[code]!)
  }
}
