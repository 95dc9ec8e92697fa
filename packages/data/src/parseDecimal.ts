const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
/** Larger magnitudes would become infinite in the float32 columns of a molecule table. */
const LARGEST = 3.4e38

/**
 * The number written in decimal notation (`-12.5`, `3`, `1.5e-3`), or NaN for everything else: empty text, `nan`,
 * `inf`, `0x10`, `1_000`, spaces, a number followed by anything, and numbers beyond float32.
 */
export function parseDecimal(text: string): number {
  if (!DECIMAL.test(text)) return Number.NaN
  const value = Number(text)
  return Math.abs(value) <= LARGEST ? value : Number.NaN
}

/**
 * {@link parseDecimal} of the ASCII bytes `start .. end`, without making a string for usual numbers.
 *
 * Up to 15 digits fit a double exactly, and so does 10^22; one division of the two is rounded correctly, so the fast way
 * gives the very number that `Number()` gives. Everything else goes the slow way.
 */
export function parseDecimalBytes(bytes: Uint8Array, start: number, end: number): number {
  let position = start
  const negative = bytes[position] === 0x2d
  if (negative) position++
  let digits = 0
  let mantissa = 0
  let fraction = -1
  for (; position < end; position++) {
    const byte = bytes[position]!
    if (byte >= 0x30 && byte <= 0x39) {
      mantissa = mantissa * 10 + (byte - 0x30)
      digits++
      if (fraction >= 0) fraction++
    } else if (byte === 0x2e && fraction < 0) {
      fraction = 0
    } else {
      break
    }
  }
  if (position !== end || digits === 0 || digits > 15) {
    // No honest number is that long; a bound keeps hostile ones from becoming long strings.
    return end - start > 64 ? Number.NaN : parseDecimal(asciiText(bytes, start, end))
  }
  const magnitude = fraction > 0 ? mantissa / POWERS_OF_TEN[fraction]! : mantissa
  return negative ? -magnitude : magnitude
}

/** The unsigned whole number (at most 2^32 - 1) in the ASCII bytes `start .. end`, or -1 for everything else. */
export function parseCountBytes(bytes: Uint8Array, start: number, end: number): number {
  if (start === end || end - start > 10) return -1
  let value = 0
  for (let position = start; position < end; position++) {
    const byte = bytes[position]!
    if (byte < 0x30 || byte > 0x39) return -1
    value = value * 10 + (byte - 0x30)
  }
  return value <= 0xffff_ffff ? value : -1
}

/** Bytes as text, one character for each byte: enough for ASCII, and never an error for what is not. */
export function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let position = start; position < end; position++) {
    text += String.fromCharCode(bytes[position]!)
  }
  return text
}
