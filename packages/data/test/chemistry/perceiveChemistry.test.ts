import { describe, expect, it } from 'vitest'
import { buildTable } from '../../src/buildTable.ts'
import { gasteigerCharges, perceiveChemistry, UNKNOWN_HYBRIDISATION } from '../../src/chemistry.ts'
import { DataError } from '../../src/DataError.ts'
import { molecule, moved, reordered, type TestMolecule } from '../testMolecules.ts'
import { GEOMETRIES, geometry } from './geometries.ts'
import { hexagons } from './hexagons.ts'
import { validMolecules } from './validMolecules.ts'

/** What is perceived of the heavy atoms of one molecule, in the order of its atoms and bonds, as text. */
function heavy(one: TestMolecule) {
  const table = buildTable([one])
  const chemistry = perceiveChemistry(table)
  const atoms = one.atomicNumbers.filter((atomicNumber) => atomicNumber > 1).length
  const ofAtoms = (column: ArrayLike<number>): string =>
    Array.from(column).slice(0, atoms).join(' ')
  const ofBonds = (column: ArrayLike<number>): string =>
    Array.from(column)
      .filter((_, bond) => table.bondAtoms[2 * bond + 1]! < atoms)
      .join(' ')
  const half = (value: number): number => Math.round(2 * value) / 2 + 0
  return {
    orders: ofBonds(chemistry.bondOrders),
    means: ofBonds(chemistry.resonanceOrders.map(half)),
    charges: ofAtoms(chemistry.formalCharges),
    meanCharges: ofAtoms(chemistry.resonanceCharges.map(half)),
    hybrids: ofAtoms(chemistry.hybridisations),
    aromatic: ofAtoms(chemistry.aromaticAtoms),
    rings: ofAtoms(chemistry.atomRingSizes),
    conjugated: ofBonds(chemistry.conjugatedBonds),
  }
}

describe('perceiveChemistry', () => {
  it.each([
    // Bonds are sorted by their atoms: 0-1, 0-5, 1-2, ...
    [
      'benzene',
      {
        means: '1.5 1.5 1.5 1.5 1.5 1.5',
        hybrids: '2 2 2 2 2 2',
        aromatic: '1 1 1 1 1 1',
        rings: '6 6 6 6 6 6',
      },
    ],
    [
      'pyridine',
      { means: '1.5 1.5 1.5 1.5 1.5 1.5', aromatic: '1 1 1 1 1 1', charges: '0 0 0 0 0 0' },
    ],
    [
      'pyrrole',
      { orders: '1 2 2 1 1', hybrids: '2 2 2 2 2', aromatic: '1 1 1 1 1', rings: '5 5 5 5 5' },
    ],
    ['furan', { orders: '1 2 2 1 1', hybrids: '2 2 2 2 2', aromatic: '1 1 1 1 1' }],
    ['imidazole', { orders: '2 1 1 1 2', aromatic: '1 1 1 1 1', charges: '0 0 0 0 0' }],
    ['pyridone', { orders: '2 1 1 2 1 2 1', aromatic: '0 1 1 1 1 1 1', hybrids: '2 2 2 2 2 2 2' }],
    ['fulvene', { orders: '2 1 1 2 1 2', aromatic: '0 0 0 0 0 0', rings: '0 5 5 5 5 5' }],
    ['azulene', { aromatic: '1 1 1 1 1 1 1 1 1 1', rings: '7 7 7 5 5 5 5 5 7 7' }],
    ['indole', { aromatic: '1 1 1 1 1 1 1 1 1', rings: '6 6 6 5 5 5 5 5 6' }],
    [
      'cyclobutadiene',
      { orders: '2 1 1 2', means: '2 1 1 2', aromatic: '0 0 0 0', hybrids: '2 2 2 2' },
    ],
    ['nitromethane', { means: '1 1.5 1.5', meanCharges: '0 1 -0.5 -0.5', hybrids: '3 2 2 2' }],
    ['glycineZwitterion', { charges: '1 0 0 -1 0', orders: '1 1 1 2', hybrids: '3 3 2 2 2' }],
    ['methylAzide', { orders: '1 2 2', charges: '0 0 1 -1', hybrids: '3 2 1 2' }],
    ['methylIsonitrile', { orders: '1 3', charges: '0 1 -1', hybrids: '3 1 1' }],
    ['trimethylamineOxide', { orders: '1 1 1 1', charges: '0 1 0 0 -1', hybrids: '3 3 3 3 3' }],
    ['diazomethane', { orders: '2 2', charges: '0 1 -1', hybrids: '2 1 2' }],
    ['allene', { orders: '2 2', hybrids: '2 1 2', conjugated: '0 0' }],
    ['acetonitrile', { orders: '1 3', hybrids: '3 1 1' }],
    ['butadiene', { orders: '2 1 2', conjugated: '1 1 1' }],
    ['cyclopropane', { orders: '1 1 1', rings: '3 3 3', hybrids: '3 3 3' }],
    ['spiropentane', { orders: '1 1 1 1 1 1', rings: '3 3 3 3 3' }],
    ['norbornane', { orders: '1 1 1 1 1 1 1 1', rings: '5 5 5 5 5 5 5' }],
    ['formamide', { orders: '1 2', hybrids: '2 2 2', conjugated: '1 1' }],
    [
      'aceticAcid',
      { orders: '1 2 1', charges: '0 0 0 0', hybrids: '3 2 2 2', conjugated: '0 1 1' },
    ],
    ['hydroxylamine', { orders: '1', hybrids: '3 3' }],
    ['carbonTetrafluoride', { orders: '1 1 1 1', hybrids: '3 3 3 3 3' }],
    ['water', { orders: '', hybrids: '3', charges: '0' }],
  ])('perceives %s', (name, expected) => {
    expect(heavy(geometry(name))).toMatchObject(expected)
  })

  it('gives every geometry valid valences and total charge 0', () => {
    const table = buildTable(GEOMETRIES.map(geometry))
    expect([...validMolecules(table, perceiveChemistry(table))]).toEqual(GEOMETRIES.map(() => 1))
  })

  it.each(GEOMETRIES)('does not depend on order or pose of the atoms: %s', (name) => {
    const one = geometry(name)
    const atoms = one.atomicNumbers.length
    const expected = perAtomAndBond(one, [...one.atomicNumbers.keys()])
    for (const step of [1, 2, 3]) {
      // Reversed, then cut at different places.
      const order = Array.from({ length: atoms }, (_, atom) => (2 * atoms - atom - step) % atoms)
      const other = perAtomAndBond(moved(reordered(one, order)), order)
      expect([...other.keys()].toSorted()).toEqual([...expected.keys()].toSorted())
      for (const [key, values] of expected) {
        for (const [index, value] of values.entries()) {
          expect(other.get(key)![index]).toBeCloseTo(value, 4)
        }
      }
    }
  })

  it('averages the three structures of naphthalene to its Pauling bond orders', () => {
    const orders = meanOrders(
      hexagons('naphthalene', [
        [0, 0],
        [1, 0],
      ]),
    )
    expect(orders.get('1.333')).toBe(6 + 1)
    expect(orders.get('1.667')).toBe(4)
  })

  it('averages the twenty structures of coronene', () => {
    const around = [
      [0, 0],
      [1, 0],
      [0, 1],
      [-1, 1],
      [-1, 0],
      [0, -1],
      [1, -1],
    ] as const
    const orders = meanOrders(hexagons('coronene', around))
    // Rim C=C, rim C-C, spokes and hub: 14, 6, 8 and 6 of 20 structures have the double bond.
    expect(orders.get('1.700')).toBe(6)
    expect(orders.get('1.300')).toBe(12 + 6)
    expect(orders.get('1.400')).toBe(6)
  })

  it('calls a folded ring of 4n + 2 electrons not aromatic', () => {
    const { atomicNumbers, positions } = hexagons('folded', [[0, 0]])
    // Opposite atoms of the ring go up, as in a boat, with their hydrogens.
    const lifted = positions.map((value, index) =>
      index % 3 === 2 ? 0.5 * Math.abs(positions[index - 1]!) : value,
    )
    expect(heavy({ name: 'folded', atomicNumbers, positions: lifted }).aromatic).toBe('0 0 0 0 0 0')
    expect(heavy({ name: 'flat', atomicNumbers, positions }).aromatic).toBe('1 1 1 1 1 1')
  })

  it('calls a ring of lone pairs not aromatic: triaziridine', () => {
    const triaziridine = molecule(
      'triaziridine',
      `N 0.87 0 0
       N -0.43 0.75 0
       N -0.43 -0.75 0
       H 1.27 0 0.94
       H -0.63 1.1 0.94
       H -0.63 -1.1 -0.94`,
    )
    expect(heavy(triaziridine)).toMatchObject({
      rings: '3 3 3',
      orders: '1 1 1',
      aromatic: '0 0 0',
    })
  })

  it('perceives a chain of 100 fused rings, and refuses a sheet too wide to search', () => {
    const acene = hexagons(
      'acene',
      Array.from({ length: 100 }, (_, a) => [a, 0] as const),
    )
    const { aromaticAtoms } = perceiveChemistry(buildTable([acene]))
    expect(aromaticAtoms.filter((one) => one === 1)).toHaveLength(402)
    const sheet = hexagons(
      'sheet',
      Array.from({ length: 625 }, (_, index) => [index % 25, Math.floor(index / 25)] as const),
    )
    expect(() => perceiveChemistry(buildTable([sheet]))).toThrow(/sheet: .*too interwoven/)
  })

  it('finds charges in molecules that are not bonded to each other, and oxygen', () => {
    const ammonium =
      'N 0 0 0\nH 0.59 0.59 0.59\nH 0.59 -0.59 -0.59\nH -0.59 0.59 -0.59\nH -0.59 -0.59 0.59'
    expect(heavy(molecule('pair', `F 1.6 1.6 1.6\n${ammonium}`))).toMatchObject({
      charges: '-1 1',
      hybrids: '3 3',
    })
    expect(heavy(molecule('oxygen', 'O 0 0 0\nO 1.21 0 0'))).toMatchObject({ orders: '2' })
    expect(heavy(molecule('carbon monoxide', 'C 0 0 0\nO 1.13 0 0'))).toMatchObject({
      orders: '3',
      charges: '-1 1',
    })
  })

  it.each([
    [
      'a methyl radical',
      'C 0 0 0\nH 1.08 0 0\nH -0.54 0.94 0\nH -0.54 -0.94 0',
      /odd number of electrons/,
    ],
    ['hydroxide', 'O 0 0 0\nH 0.97 0 0', /odd number of electrons/],
    [
      'methylene',
      'C 0 0 0\nH 0.86 0.7 0\nH -0.86 0.7 0',
      /no bond orders give every atom an octet/,
    ],
    [
      'a lone proton',
      'H 0 0 0\nF 3 0 0\nO 0 5 0\nH 0.96 5 0\nH 0 5.96 0',
      /more bonds than it can have, or none/,
    ],
    ['a lone carbon', 'C 0 0 0', /more bonds than it can have, or none/],
  ])('refuses %s', (name, text, message) => {
    const table = buildTable([molecule(name, text)])
    expect(() => perceiveChemistry(table)).toThrow(DataError)
    expect(() => perceiveChemistry(table)).toThrow(message)
    expect(() => perceiveChemistry(table)).toThrow(name)
  })

  it('refuses a carbon with five bonds that a file claims', () => {
    const { atomicNumbers, positions } = molecule(
      'x',
      ['C 0 0 0', ...[1, 2, 3, 4, 5].map((x) => `H ${x} 0 0`)].join('\n'),
    )
    const bonds = Uint16Array.from([1, 2, 3, 4, 5].flatMap((hydrogen) => [0, hydrogen]))
    const table = buildTable([{ name: 'five', atomicNumbers, positions, bonds }])
    expect(() => perceiveChemistry(table)).toThrow(/five: .*more bonds than it can have/)
  })

  it('marks what it does not know, and perceives the others all the same', () => {
    const radical = molecule('radical', 'C 0 0 0\nH 1.08 0 0\nH -0.54 0.94 0\nH -0.54 -0.94 0')
    const table = buildTable([geometry('water'), radical, geometry('formamide')])
    const chemistry = perceiveChemistry(table, { onFailure: 'mark' })
    expect(chemistry.failures).toMatchObject([{ molecule: 1, kind: 'odd electrons' }])
    expect([...validMolecules(table, chemistry)]).toEqual([1, 0, 1])
    expect([...chemistry.hybridisations.subarray(3, 7)]).toEqual(
      Array(4).fill(UNKNOWN_HYBRIDISATION),
    )
    expect([...chemistry.bondOrders.subarray(2, 5)]).toEqual([0, 0, 0])
    expect([...chemistry.resonanceOrders.subarray(2, 5)]).toEqual([NaN, NaN, NaN])
    const charges = gasteigerCharges(table, chemistry)
    expect([...charges.subarray(3, 7)]).toEqual([NaN, NaN, NaN, NaN])
    expect(charges.filter(Number.isNaN)).toHaveLength(4)
  })
})

/** Values that must not depend on the numbering, by the original numbers of atoms and bonds. */
function perAtomAndBond(one: TestMolecule, order: readonly number[]): Map<string, number[]> {
  const table = buildTable([one])
  const chemistry = perceiveChemistry(table)
  const charges = gasteigerCharges(table, chemistry)
  const values = new Map<string, number[]>()
  for (const [atom, original] of order.entries()) {
    values.set(`atom ${original}`, [
      chemistry.resonanceCharges[atom]!,
      chemistry.hybridisations[atom]!,
      chemistry.aromaticAtoms[atom]!,
      chemistry.atomRingSizes[atom]!,
      charges[atom]!,
    ])
  }
  for (let bond = 0; bond < chemistry.bondOrders.length; bond += 1) {
    const ends = [order[table.bondAtoms[2 * bond]!]!, order[table.bondAtoms[2 * bond + 1]!]!]
    values.set(`bond ${ends.toSorted((a, b) => a - b).join('-')}`, [
      chemistry.resonanceOrders[bond]!,
      chemistry.aromaticBonds[bond]!,
      chemistry.conjugatedBonds[bond]!,
      chemistry.bondRingSizes[bond]!,
    ])
  }
  return values
}

/** How many bonds have each mean order, to three digits. */
function meanOrders(one: TestMolecule): Map<string, number> {
  const counts = new Map<string, number>()
  for (const order of perceiveChemistry(buildTable([one])).resonanceOrders) {
    counts.set(order.toFixed(3), (counts.get(order.toFixed(3)) ?? 0) + 1)
  }
  return counts
}
