import { couplingPaths, elementSymbol, NO_ATOM, type MoleculeTable } from '@couplet/data'
import { perceiveChemistry, UNKNOWN_HYBRIDISATION } from '@couplet/data/chemistry'
import type { ErrorsStudy } from './errorsSchema.ts'

/** What pairs are sorted by. */
export type SliceProperty = ErrorsStudy['slices'][number]['property']

/** Pairs of one type that have a property in common. */
export interface PairSlice {
  readonly property: SliceProperty
  /** Index of the type in `COUPLING_TYPES`. */
  readonly type: number
  /** Value or range of the property, for people. */
  readonly value: string
  /** The pairs. */
  readonly pairs: Uint32Array
  /** Number of molecules that they belong to. */
  readonly molecules: number
}

/** Cells of fewer pairs or molecules say little, and are left out. */
const LEAST_PAIRS = 20
const LEAST_MOLECULES = 5

const HYBRIDISATIONS = ['s', 'sp', 'sp2', 'sp3']
/** Widths of the ranges: degrees and angstrom. */
const DIHEDRAL_STEP = 30
const DISTANCE_STEP = 0.25
const LARGEST_RING = 7

/**
 * Sorts the pairs of a table by chemistry: hybridisation of the coupled carbon or nitrogen (between two hydrogens: of the atoms that
 * join them), smallest ring on the path, elements other than carbon inside of the path, dihedral angle, distance through space,
 * heavy atoms of the molecule.
 *
 * @returns slices of at least 20 pairs in 5 molecules, by property, type and value.
 */
export function slicePairs(table: MoleculeTable): PairSlice[] {
  const { hybridisations, atomRingSizes } = perceiveChemistry(table, { onFailure: 'mark' })
  const paths = couplingPaths(table)
  const cells = new Map<
    string,
    {
      property: SliceProperty
      type: number
      value: string
      order: number
      pairs: number[]
      molecules: Set<number>
    }
  >()
  for (const molecule of table.names.keys()) {
    const first = table.atomOffsets[molecule]!
    const elementOf = (atom: number): number => table.atomicNumbers[first + atom]!
    const atoms = Array.from(
      { length: table.atomOffsets[molecule + 1]! - first },
      (_, atom) => atom,
    )
    const heavy = atoms.filter((atom) => elementOf(atom) > 1).length
    for (let pair = table.pairOffsets[molecule]!; pair < table.pairOffsets[molecule + 1]!; pair++) {
      const path = [...paths.pathAtoms.subarray(4 * pair, 4 * pair + 4)].filter(
        (atom) => atom !== NO_ATOM,
      )
      const add = (property: SliceProperty, value: string, order: number): void => {
        const type = table.pairTypes[pair]!
        const key = `${property}|${type}|${value}`
        const cell = cells.get(key) ?? {
          property,
          type,
          value,
          order,
          pairs: [],
          molecules: new Set(),
        }
        cell.pairs.push(pair)
        cell.molecules.add(molecule)
        cells.set(key, cell)
      }
      add('heavy atoms', `${heavy}`, heavy)
      add('distance', ...range(paths.distances[pair]!, DISTANCE_STEP, 'angstrom'))
      if (path.length === 0) continue
      const inner = path.slice(1, -1)
      const end = path.at(-1)!
      const joined = elementOf(end) > 1 ? [end] : inner
      const names = joined.map((atom) => hybridisations[first + atom]!)
      if (!names.includes(UNKNOWN_HYBRIDISATION)) {
        const sorted = names.toSorted((a, b) => a - b)
        add(
          'hybridisation',
          sorted.map((name) => HYBRIDISATIONS[name]!).join(', '),
          sorted.reduce((sum, name) => 4 * sum + name, 0),
        )
      }
      const rings = path.map((atom) => atomRingSizes[first + atom]!).filter((size) => size > 0)
      const ring = rings.length === 0 ? 0 : Math.min(LARGEST_RING, ...rings)
      const ringName = ring === LARGEST_RING ? `${ring} and more` : `${ring}`
      add('ring size', ring === 0 ? 'no ring' : ringName, ring)
      if (inner.length > 0) {
        const others = [...new Set(inner.map(elementOf))]
          .filter((element) => element !== 6)
          .toSorted((a, b) => a - b)
        const symbols = others.map((element) => elementSymbol(element))
        add(
          'heteroatom on the path',
          symbols.join(' and ') || 'none',
          others.reduce((sum, element) => 10 * sum + element, 0),
        )
      }
      if (paths.dihedralDefined[pair]) {
        const degrees = (Math.abs(paths.dihedrals[pair]!) * 180) / Math.PI
        // 180 belongs to the last range.
        add('dihedral', ...range(Math.min(degrees, 179.999), DIHEDRAL_STEP, 'degrees'))
      }
    }
  }
  return [...cells.values()]
    .filter(
      ({ pairs, molecules }) => pairs.length >= LEAST_PAIRS && molecules.size >= LEAST_MOLECULES,
    )
    .toSorted(
      (a, b) =>
        PROPERTIES.indexOf(a.property) - PROPERTIES.indexOf(b.property) ||
        a.type - b.type ||
        a.order - b.order,
    )
    .map(({ property, type, value, pairs, molecules }) => ({
      property,
      type,
      value,
      pairs: Uint32Array.from(pairs),
      molecules: molecules.size,
    }))
}

const PROPERTIES: readonly SliceProperty[] = [
  'hybridisation',
  'ring size',
  'heteroatom on the path',
  'dihedral',
  'distance',
  'heavy atoms',
]

/** The range that a value is in, for people, and its place among the ranges. */
function range(value: number, step: number, unit: string): [string, number] {
  const place = Math.floor(value / step)
  return [`${place * step} to ${(place + 1) * step} ${unit}`, place]
}
