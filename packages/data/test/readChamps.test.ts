import { describe, expect, it } from 'vitest'
import { buildTable, type MoleculeRecord } from '../src/buildTable.ts'
import { COUPLING_TYPES } from '../src/couplingTypes.ts'
import { elementSymbol } from '../src/elements.ts'
import { readChamps } from '../src/node.ts'
import { champsFiles, folderOf } from './champsFixture.ts'

const type = (name: (typeof COUPLING_TYPES)[number]): number => COUPLING_TYPES.indexOf(name)

describe('readChamps', () => {
  it('reads the labelled molecules with every column that the files have', async () => {
    const { table, dataset } = await readChamps(folderOf(champsFiles()))
    expect(table.names).toEqual(['methane', 'ammonia'])
    expect([...table.atomOffsets]).toEqual([0, 5, 9])
    expect([...table.atomicNumbers]).toEqual([6, 1, 1, 1, 1, 7, 1, 1, 1])
    expect(table.positions[3]).toBe(Math.fround(0.63))
    expect([...table.bondOffsets]).toEqual([0, 4, 7])
    expect([...table.pairOffsets]).toEqual([0, 5, 9])
    expect([...table.pairIds]).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect([...table.pairAtoms.subarray(0, 4)]).toEqual([1, 0, 1, 2])
    expect([...table.pairTypes.subarray(4, 7)]).toEqual([type('1JHC'), type('1JHN'), type('2JHH')])
    expect(table.couplings![0]).toBe(Math.fround(80.7485))
    expect([...table.contributions!.subarray(20, 24)]).toEqual([
      85.5,
      0.25,
      Math.fround(-1.5e-3),
      0.625,
    ])
    expect(table.contributions!.slice(24).every((value) => Number.isNaN(value))).toBe(true)
    expect([...table.mullikenCharges!.subarray(0, 3)]).toEqual([-0.5, 0.125, Number.NaN])
    expect([...table.shieldingTensors!.subarray(72)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect([...table.dipoleMoments!]).toEqual([Number.NaN, Number.NaN, Number.NaN, 0, 0.5, -1.5])
    expect([...table.potentialEnergies!]).toEqual([-40.25, Number.NaN])
    expect(dataset.name).toBe('champs')
    expect(dataset.files.map((file) => file.name)).toEqual([
      'structures.csv',
      'train.csv',
      'scalar_coupling_contributions.csv',
      'mulliken_charges.csv',
      'magnetic_shielding_tensors.csv',
      'dipole_moments.csv',
      'potential_energy.csv',
    ])
    expect(dataset.skipped).toEqual({ 'dipole_moments.csv': 1, 'potential_energy.csv': 2 })
  })

  it('reads the test molecules unlabelled, with ids and order of the file', async () => {
    const { table } = await readChamps(folderOf(champsFiles()), { part: 'test' })
    expect(table.names).toEqual(['cyanide'])
    expect([...table.pairIds]).toEqual([51, 50])
    expect([...table.pairAtoms]).toEqual([2, 1, 2, 0])
    expect(table.couplings).toBeUndefined()
    expect(table.contributions).toBeUndefined()
    expect([...table.mullikenCharges!]).toEqual([Number.NaN, Number.NaN, 0.25])
  })

  it('reads both parts together, in the order of structures.csv', async () => {
    const { table } = await readChamps(folderOf(champsFiles()), { part: 'all' })
    expect(table.names).toEqual(['methane', 'cyanide', 'ammonia'])
    expect(table.couplings![5]).toBeNaN()
    expect(table.couplings![7]).toBe(Math.fround(85.5 + 0.25 - 1.5e-3 + 0.625))
  })

  it('reads the random sample', async () => {
    const folder = folderOf(champsFiles())
    const { table, dataset } = await readChamps(folder, { sample: true })
    expect(table.names).toEqual(['ammonia'])
    expect(dataset.name).toBe('champs-sample')
    expect(dataset.sha256).not.toBe((await readChamps(folder)).dataset.sha256)
  })

  it('finds the pairs by the rule where no file has them', async () => {
    const { 'structures.csv': structures } = champsFiles()
    const { table } = await readChamps(folderOf({ 'structures.csv': structures! }))
    expect(table.names).toEqual(['methane', 'cyanide', 'ammonia'])
    // Methane: 4 1JHC and 6 2JHH; hydrogen cyanide: 1JHC and 2JHN; ammonia: 3 1JHN and 3 2JHH.
    expect([...table.pairOffsets]).toEqual([0, 10, 12, 18])
    expect(table.pairIds.every((id, index) => id === index)).toBe(true)
    expect(table.couplings).toBeUndefined()
  })

  it('takes the part that is there when none is asked for', async () => {
    const { 'train.csv': _, ...files } = champsFiles()
    delete files['scalar_coupling_contributions.csv']
    expect((await readChamps(folderOf(files))).table.names).toEqual(['cyanide'])
  })

  it('gives the same values for rows in another order', async () => {
    const files = champsFiles()
    const reversed = Object.fromEntries(
      Object.entries(files).map(([name, text]) => {
        const [header, ...lines] = text.trimEnd().split('\n')
        return [name, `${[header, ...lines.toReversed()].join('\n')}\n`]
      }),
    )
    const { table } = await readChamps(folderOf(files))
    const { table: other } = await readChamps(folderOf(reversed))
    expect(other.names).toEqual(table.names.toReversed())
    const byId = (one: typeof table) =>
      Array.from(one.pairIds, (id, pair) => ({
        id,
        coupling: one.couplings![pair],
        parts: [...one.contributions!.subarray(4 * pair, 4 * pair + 4)],
      })).toSorted((first, second) => first.id - second.id)
    expect(byId(other)).toEqual(byId(table))
    expect([...other.atomicNumbers]).toEqual([7, 1, 1, 1, 6, 1, 1, 1, 1])
  })

  it('reads CRLF line ends, byte-order marks, other column orders and further columns alike', async () => {
    const files = champsFiles()
    const { table } = await readChamps(folderOf(files))
    const crlf = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, `\uFEFF${text.replaceAll('\n', '\r\n')}`]),
    )
    expect((await readChamps(folderOf(crlf))).table).toEqual(table)
    const turned = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [
        name,
        text.replaceAll(/^.*$/gm, (line) =>
          line ? [...line.split(',').toReversed(), 'further'].join() : '',
        ),
      ]),
    )
    expect((await readChamps(folderOf(turned))).table).toEqual(table)
  })
})

describe('readChamps and a writer', () => {
  it('agree on made-up molecules', async () => {
    // A molecule without pairs has no rows in train.csv.
    const records = Array.from({ length: 100 }, (_, index) => randomMolecule(index)).filter(
      (record) => buildTable([record]).pairTypes.length > 0,
    )
    const table = buildTable(records)
    expect(new Set(table.pairTypes).size).toBeGreaterThan(4)
    const structures = ['molecule_name,atom_index,atom,x,y,z']
    const train = ['id,molecule_name,atom_index_0,atom_index_1,type,scalar_coupling_constant']
    const couplings = Array.from(table.pairIds, (id) => Math.fround(100 * Math.sin(id)))
    for (const [molecule, name] of table.names.entries()) {
      const start = table.atomOffsets[molecule]!
      for (let atom = start; atom < table.atomOffsets[molecule + 1]!; atom++) {
        const symbol = elementSymbol(table.atomicNumbers[atom]!)
        const position = table.positions.subarray(3 * atom, 3 * atom + 3)
        structures.push([name, atom - start, symbol, ...position].join())
      }
      const end = table.pairOffsets[molecule + 1]!
      for (let pair = table.pairOffsets[molecule]!; pair < end; pair++) {
        const [first, second] = table.pairAtoms.subarray(2 * pair)
        const typeName = COUPLING_TYPES[table.pairTypes[pair]!]
        train.push([pair, name, first, second, typeName, couplings[pair]].join())
      }
    }
    const folder = folderOf({
      'structures.csv': `${structures.join('\n')}\n`,
      'train.csv': `${train.join('\n')}\n`,
    })
    const read = await readChamps(folder)
    expect(read.table).toEqual({ ...table, couplings: Float32Array.from(couplings) })
  })
})

/** Atoms on a grid of 1.1 angstrom with a little disorder: bonds here and there, none too short. */
function randomMolecule(seed: number): MoleculeRecord {
  let state = seed + 1
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const atoms = 4 + Math.floor(random() * 20)
  return {
    name: `made_up_${seed}`,
    // Hydrogen first, so that every molecule can have pairs.
    atomicNumbers: Uint8Array.from({ length: atoms }, (_, atom) =>
      atom % 2 === 0 ? 1 : [1, 6, 7, 8, 9, 6][Math.floor(random() * 6)]!,
    ),
    positions: Float32Array.from({ length: 3 * atoms }, (_, index) => {
      const cell = Math.floor(Math.floor(index / 3) / 3 ** (index % 3)) % 3
      return 1.1 * cell + 0.1 * random()
    }),
  }
}
