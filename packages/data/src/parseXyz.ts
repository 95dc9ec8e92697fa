import type { MoleculeRecord } from './buildTable.ts'
import { MOST_ATOMS } from './champsStructures.ts'
import { DataError } from './DataError.ts'
import { atomicNumberOf, SUPPORTED_ELEMENTS_ADVICE } from './elements.ts'
import { parseDecimal } from './parseDecimal.ts'
import { quoteValue } from './quoteValue.ts'

/**
 * Reads molecules in XYZ format: a line with the number of atoms, a comment line, then a line `symbol x y z` for each atom,
 * in angstrom; frames may follow each other. `buildTable` makes a table of them.
 *
 * Further columns are passed over, and QM9's own form is understood: exponents written `*^-6`, a comment that begins with
 * `gdb`, and three more lines (frequencies, SMILES, InChI) after the atoms. Extended XYZ is read if species and
 * positions are its first columns.
 *
 * @param text content of the file
 * @param name name of the molecule; several frames are called `name-1`, `name-2`, …
 * @param file what errors call the file; default its name
 * @throws DataError with line and advice for anything else.
 */
export function parseXyz(text: string, name: string, file = name): MoleculeRecord[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const refuse: Refuse = (line, what) => {
    throw new DataError(`${file} line ${line + 1}${what}`)
  }
  const broken = lines.findIndex((line) => line.includes('\r'))
  if (broken >= 0)
    refuse(broken, ' has a carriage return inside. Save it with LF or CRLF line ends.')
  if (isCutNumber(lines)) {
    refuse(
      lines.length - 1,
      ' ends in a number with fewer decimals than all others, and without a line end: the file seems to be cut short. Copy it again, or end it with a line end if the number is right.',
    )
  }
  while (lines.at(-1)?.trim() === '') lines.pop()
  if (lines.length === 0) throw new DataError(`${file} is empty. Give a file in XYZ format.`)

  const frames: Frame[] = []
  for (let line = 0; line < lines.length;) {
    const frame = parseFrame(lines, line, refuse)
    frames.push(frame)
    line = frame.end
    // Some programs put an empty line between frames.
    while (line < lines.length && lines[line]!.trim() === '') line++
  }
  return frames.map(({ atomicNumbers, positions }, index) => ({
    name: frames.length === 1 ? name : `${name}-${index + 1}`,
    atomicNumbers,
    positions,
  }))
}

/** Whether the text ends within a number: all numbers of its last atoms have equally many decimals but the very last, which has fewer, and no line end follows. */
function isCutNumber(lines: readonly string[]): boolean {
  const rows = lines.slice(-4).map((line) =>
    line
      .slice(0, 1000)
      .trim()
      .split(/[ \t]+/),
  )
  if (rows.at(-1)!.length !== 4) return false
  const decimals = rows.flatMap(([, ...values]) =>
    values.map((value) => /^-?\d+\.(\d*)$/.exec(value)?.[1]?.length ?? 0),
  )
  const last = decimals.pop()!
  const [usual = 0] = decimals
  return decimals.length >= 8 && last < usual && decimals.every((length) => length === usual)
}

type Refuse = (line: number, what: string) => never

interface Frame {
  readonly atomicNumbers: Uint8Array
  readonly positions: Float32Array
  /** First line after the frame, counted from 0. */
  readonly end: number
}

function parseFrame(lines: readonly string[], start: number, refuse: Refuse): Frame {
  const count = lines[start]!.trim()
  if (!/^[1-9]\d{0,8}$/.test(count)) {
    refuse(
      start,
      ` is ${quoteValue(count)} where the number of atoms should stand. Check the number of the atom lines before it.`,
    )
  }
  const atoms = Number(count)
  if (atoms > MOST_ATOMS) {
    refuse(start, `: ${atoms} atoms are more than the ${MOST_ATOMS} that are read. Split the file.`)
  }
  const comment = lines[start + 1] ?? ''
  const properties = /\bProperties=(\S+)/i.exec(comment)?.[1]
  if (properties !== undefined && !/^"?species:S:1:pos:R:3/i.test(properties)) {
    refuse(
      start + 1,
      ': species and pos are not the first properties. Write the file with them first.',
    )
  }
  const atomicNumbers = new Uint8Array(atoms)
  const positions = new Float32Array(3 * atoms)
  for (let atom = 0; atom < atoms; atom++) {
    const line = start + 2 + atom
    if (line >= lines.length) {
      refuse(
        lines.length - 1,
        ` is the last, but ${atoms - atom} of ${atoms} atoms are missing. The file is cut short: copy it again.`,
      )
    }
    // A whole line of a broken file may be megabytes long; no honest one is.
    const [symbol = '', ...values] = lines[line]!.slice(0, 1000)
      .trim()
      .split(/[ \t]+/)
    const atomicNumber =
      atomicNumberOf(symbol) ??
      refuse(line, `: the element is ${quoteValue(symbol)}. ${SUPPORTED_ELEMENTS_ADVICE}`)
    if (values.length < 3) {
      refuse(line, ` has ${values.length} coordinates instead of 3. Write symbol, x, y and z.`)
    }
    atomicNumbers[atom] = atomicNumber
    for (let axis = 0; axis < 3; axis++) {
      const value = parseDecimal(values[axis]!.replace('*^', 'e'))
      if (Number.isNaN(value)) {
        refuse(
          line,
          `: ${'xyz'[axis]} is ${quoteValue(values[axis]!)}, which is not a finite decimal number. Give it in angstrom.`,
        )
      }
      positions[3 * atom + axis] = value
    }
  }
  const end = start + 2 + atoms
  return {
    atomicNumbers,
    positions,
    end: /^gdb\s/.test(comment) ? endOfQm9(lines, end, refuse) : end,
  }
}

/** Passes over the frequencies, SMILES and InChI that end a file of QM9. */
function endOfQm9(lines: readonly string[], start: number, refuse: Refuse): number {
  if (start >= lines.length || /^\d+$/.test(lines[start]!.trim())) return start
  const frequencies = lines[start]!.trim().split(/[ \t]+/)
  if (frequencies.some((value) => Number.isNaN(parseDecimal(value.replace('*^', 'e'))))) {
    refuse(
      start,
      ' should hold the frequencies of a QM9 file. Check the number of the atom lines before it.',
    )
  }
  if (!lines[start + 2]?.startsWith('InChI=')) {
    refuse(
      Math.min(start + 2, lines.length - 1),
      ' should hold the InChI of a QM9 file. Copy the file again, or remove the lines after the atoms.',
    )
  }
  return start + 3
}
