import { checkPairColumns, PAIR_COLUMNS } from './champsPairColumns.ts'
import type { PairRows } from './champsPairs.ts'
import { COUPLING_TYPES } from './couplingTypes.ts'
import { DataError } from './DataError.ts'
import { PairFinder } from './PairFinder.ts'
import { parseCsv } from './parseCsv.ts'
import type { Structures } from './champsStructures.ts'

const FILE = 'scalar_coupling_contributions.csv'

/**
 * Reads scalar_coupling_contributions.csv, whose rows have no ids, to the pair rows they belong to.
 *
 * @returns fc, sd, pso, dso in hertz, `[pairs, 4]`, NaN for pairs without a row
 */
export function matchContributions(
  bytes: Uint8Array,
  structures: Structures,
  pairs: PairRows,
): Float32Array {
  const { rows, columns } = parseCsv(bytes, FILE, {
    ...PAIR_COLUMNS,
    fc: 'number',
    sd: 'number',
    pso: 'number',
    dso: 'number',
  })
  const { molecules, types } = checkPairColumns(columns, FILE, structures)
  const finder = new PairFinder(structures, pairs.offsets, pairs.atoms)
  const contributions = new Float32Array(4 * pairs.ids.length).fill(Number.NaN)
  for (let row = 0; row < rows; row++) {
    const first = columns.atom_index_0[row]!
    const second = columns.atom_index_1[row]!
    const pair = finder.find(molecules[row]!, first, second)
    const refuse = (what: string): never => {
      throw new DataError(
        `${FILE} line ${row + 2}: the pair of atoms ${first} and ${second} of ` +
          `${structures.names[molecules[row]!]} ${what}`,
      )
    }
    if (pair < 0) {
      refuse(
        pairs.byRule
          ? 'is not one of the competition rule. Add train.csv, or check structures.csv.'
          : 'has no row in train.csv. Check that both belong to the same release.',
      )
    }
    if (pairs.types[pair] !== types[row]) {
      refuse(
        `is ${COUPLING_TYPES[types[row]!]}, but ${COUPLING_TYPES[pairs.types[pair]!]} in train.csv. ` +
          'Check that both belong to the same release.',
      )
    }
    if (!Number.isNaN(contributions[4 * pair])) {
      refuse('was given before. Remove one of the two rows.')
    }
    contributions[4 * pair] = columns.fc[row]!
    contributions[4 * pair + 1] = columns.sd[row]!
    contributions[4 * pair + 2] = columns.pso[row]!
    contributions[4 * pair + 3] = columns.dso[row]!
  }
  return contributions
}
