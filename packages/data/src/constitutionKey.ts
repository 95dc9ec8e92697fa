import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { neighbourLists } from './graphDistances.ts'

/** Stands before everything that is hashed; a change of the rule below changes it, and with it all folds. */
const VERSION = 'couplet constitution v1'

/** Refinement of a molecule of up to 64 atoms always ends sooner; the cap bounds the time for a chain of thousands. */
const MOST_ROUNDS = 64

/**
 * A key of the constitution of one molecule: which elements are bonded to which. Equal for every numbering of the atoms,
 * every geometry and conformer, and all stereoisomers; with hydrogens explicit, bond orders need not be known.
 *
 * The key is the SHA-256 of a Weisfeiler-Lehman refinement: atoms start with the colour (element, number of neighbours) and
 * take the colours of their neighbours into their own until the classes no longer split. A few different molecules cannot
 * be told apart in this way (decalin and bicyclopentyl); they share a key and so a fold, which is harmless.
 *
 * @param atomicNumbers atomic number of each atom, `[atoms]`.
 * @param bonds the two atoms of each bond, `[bonds, 2]`.
 * @returns 64 hexadecimal digits; `undefined` if the bonds do not connect all the atoms (or there is none): then the
 *   chemistry was not perceived, and callers use the molecule's name.
 * @throws DataError for a bond to an atom that does not exist.
 */
export function constitutionKey(atomicNumbers: Uint8Array, bonds: Uint16Array): string | undefined {
  const neighbours = neighbourLists(atomicNumbers.length, bonds)
  if (!isConnected(neighbours)) return undefined
  const transcript: string[] = [VERSION]
  let colours = rank(
    neighbours.map((list, atom) => `${atomicNumbers[atom]!}.${list.length}`),
    transcript,
  )
  let classes = new Set(colours).size
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    colours = rank(
      neighbours.map((list, atom) => {
        const around = list.map((neighbour) => colours[neighbour]!)
        return `${colours[atom]!}(${around.toSorted((one, other) => one - other).join()})`
      }),
      transcript,
    )
    const split = new Set(colours).size
    if (split === classes) break
    classes = split
  }
  return hash(transcript.join('\n'))
}

/** SHA-256 of a text as 64 hexadecimal digits. */
export function hash(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}

/**
 * Numbers signatures by their place in sorted order, which no renumbering of the atoms changes, and writes the sorted
 * signatures down. Two molecules whose transcripts agree have the same colours in every round, so the ranks are comparable.
 */
function rank(signatures: readonly string[], transcript: string[]): number[] {
  const sorted = signatures.toSorted()
  transcript.push(sorted.join(' '))
  const place = new Map([...new Set(sorted)].map((signature, index) => [signature, index]))
  return signatures.map((signature) => place.get(signature)!)
}

function isConnected(neighbours: readonly (readonly number[])[]): boolean {
  const reached = new Set(neighbours.length > 0 ? [0] : [])
  // The set grows while it is walked: atoms added are visited too.
  for (const atom of reached) for (const neighbour of neighbours[atom]!) reached.add(neighbour)
  return reached.size > 0 && reached.size === neighbours.length
}
