/** One way in which an atom of given neighbours can have a full octet. */
export interface ValenceState {
  /** Number of pi bonds that the atom takes part in; a triple bond counts twice. */
  readonly piBonds: number
  /** Formal charge in elementary charges. */
  readonly charge: number
  /** What the charge costs: 0 for a neutral atom. Fewer charges win, then charges on the right elements. */
  readonly cost: number
}

/** Above every preference among elements, so that one charge less always wins (a molecule has at most some hundred). */
const CHARGE = 100

/**
 * Octet states by atomic number: total bond order, formal charge and preference. Carbon with three bonds is a carbanion:
 * a carbocation or a carbene has no octet, and a molecule that needs one is refused. Negative charges go to the most
 * electronegative element, positive ones to nitrogen.
 */
const STATES: Readonly<Record<number, readonly (readonly [number, number, number])[]>> = {
  1: [[1, 0, 0]],
  6: [
    [4, 0, 0],
    [3, -1, 5],
  ],
  7: [
    [3, 0, 0],
    [4, 1, 0],
    [2, -1, 2],
  ],
  8: [
    [2, 0, 0],
    [3, 1, 3],
    [1, -1, 0],
  ],
  9: [
    [1, 0, 0],
    [0, -1, 0],
  ],
}

const TABLE: ReadonlyMap<number, readonly (readonly ValenceState[])[]> = new Map(
  Object.entries(STATES).map(([atomicNumber, states]) => [
    Number(atomicNumber),
    [0, 1, 2, 3, 4].map((neighbours) =>
      states
        .filter(([valence]) => (neighbours > 0 ? valence >= neighbours : valence === 0))
        .map(([valence, charge, preference]) => ({
          piBonds: valence - neighbours,
          charge,
          cost: charge === 0 ? 0 : CHARGE + preference,
        })),
    ),
  ]),
)

/**
 * The octet states of an atom of H, C, N, O or F with so many neighbours, hydrogens included; the neutral one first. Empty if it
 * cannot have so many.
 */
export function valenceStates(atomicNumber: number, neighbours: number): readonly ValenceState[] {
  return TABLE.get(atomicNumber)?.[neighbours] ?? []
}
