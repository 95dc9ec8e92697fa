import type { Structures } from './champsStructures.ts'

/** Finds the row of an atom pair in pair rows that are grouped by molecule. */
export class PairFinder {
  readonly #structures: Structures
  readonly #offsets: Uint32Array
  readonly #atoms: Uint16Array
  /**
   * Row + 1 of each atom pair of the molecule at hand. Rows of other molecules need not be cleared: theirs lie outside
   * the range of this one's.
   */
  readonly #rows: Int32Array
  #molecule = -1

  /**
   * @param structures the molecules
   * @param offsets start of each molecule's rows, `[molecules + 1]`
   * @param atoms the atoms of each row, `[pairs, 2]`
   */
  constructor(structures: Structures, offsets: Uint32Array, atoms: Uint16Array) {
    this.#structures = structures
    this.#offsets = offsets
    this.#atoms = atoms
    let largest = 0
    for (let molecule = 0; molecule < structures.names.length; molecule++) {
      largest = Math.max(largest, this.#atomCount(molecule))
    }
    // At most 4 MB: molecules have at most MOST_ATOMS = 1000 atoms.
    this.#rows = new Int32Array(largest * largest)
  }

  /** The first row that has the same two atoms as an earlier row of its molecule, or -1. */
  firstRepeated(): number {
    for (let molecule = 0; molecule < this.#offsets.length - 1; molecule++) {
      const repeated = this.#load(molecule)
      if (repeated >= 0) return repeated
    }
    return -1
  }

  /** The row of a pair, hydrogen pairs in either order, or -1. */
  find(molecule: number, first: number, second: number): number {
    if (molecule !== this.#molecule) this.#load(molecule)
    return this.#lookUp(first, second)
  }

  #load(molecule: number): number {
    this.#molecule = molecule
    const atoms = this.#atomCount(molecule)
    for (let row = this.#offsets[molecule]!; row < this.#offsets[molecule + 1]!; row++) {
      const first = this.#atoms[2 * row]!
      const second = this.#atoms[2 * row + 1]!
      const earlier = this.#lookUp(first, second)
      // Equal when a molecule is loaded for a second time.
      if (earlier >= 0 && earlier !== row) return row
      this.#rows[first * atoms + second] = row + 1
    }
    return -1
  }

  #lookUp(first: number, second: number): number {
    const atoms = this.#atomCount(this.#molecule)
    const one = this.#rows[first * atoms + second]! - 1
    if (this.#owns(one)) return one
    const other = this.#rows[second * atoms + first]! - 1
    return this.#owns(other) ? other : -1
  }

  #owns(row: number): boolean {
    return row >= this.#offsets[this.#molecule]! && row < this.#offsets[this.#molecule + 1]!
  }

  #atomCount(molecule: number): number {
    const { atomOffsets } = this.#structures
    return atomOffsets[molecule + 1]! - atomOffsets[molecule]!
  }
}
