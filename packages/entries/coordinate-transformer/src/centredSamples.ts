import { moleculeAt, type MoleculeTable } from '@couplet/data'

/** A molecule as one of its hydrogens sees it. */
export interface CentredSample {
  /** The hydrogen in the middle, counted within the molecule. */
  readonly centre: number
  /** The pair that joins the centre to each atom, counted within the molecule's pairs, `[atoms]`; undefined where there is none. */
  readonly pairOf: readonly (number | undefined)[]
}

/** One sample for every hydrogen of a molecule that couples. A pair of two hydrogens stands in two samples. */
export function centredSamples(table: MoleculeTable, molecule: number): CentredSample[] {
  const { atomicNumbers, pairAtoms, pairTypes } = moleculeAt(table, molecule)
  const samples = new Map<number, (number | undefined)[]>()
  const add = (centre: number, other: number, pair: number): void => {
    if (atomicNumbers[centre] !== 1) return
    const pairOf =
      samples.get(centre) ??
      Array.from({ length: atomicNumbers.length }, (): number | undefined => undefined)
    pairOf[other] = pair
    samples.set(centre, pairOf)
  }
  for (let pair = 0; pair < pairTypes.length; pair++) {
    const [first, second] = [pairAtoms[2 * pair]!, pairAtoms[2 * pair + 1]!]
    add(first, second, pair)
    add(second, first, pair)
  }
  return [...samples].map(([centre, pairOf]) => ({ centre, pairOf }))
}
