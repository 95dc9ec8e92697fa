import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readChamps } from '@couplet/data/node'
import { writeLabels } from '../../labels/src/writeLabels.ts'
import { takeIn, type TakenIn } from '../tools/takeIn.ts'
import { editLines, writeSubset } from './subset.ts'

let folder: string
let into: string
let from: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dft-'))
  into = writeSubset(join(folder, 'into'), ['couplet_000001', 'couplet_000011'])
  const names = ['couplet_000001', 'couplet_000002', 'couplet_000011_c2']
  from = writeSubset(join(folder, 'from'), names)
})
afterEach(() => rmSync(folder, { recursive: true }))

const queue = fileURLToPath(new URL('../queue.smi', import.meta.url))
const take = (replace: string[] = [], source = from): Promise<TakenIn> =>
  takeIn({ from: source, into, queue, replace })
const text = (file: string): string => readFileSync(join(into, file), 'utf8')

/** Another energy of methane, so that one sees which one is there. */
function changeEnergy(): void {
  editLines(from, 'potential_energy.csv', (line) => line.replace(/(000001),.*/, '$1,-1.0000000'))
}

test('adds what is new, in the order of the names, and numbers the couplings anew', async () => {
  changeEnergy()
  expect(await take()).toEqual({
    added: ['couplet_000002', 'couplet_000011_c2'],
    replaced: [],
    refused: [],
    all: 4,
  })
  const { table } = await readChamps(into)
  expect(table.names).toEqual([
    'couplet_000001',
    'couplet_000002',
    'couplet_000011',
    'couplet_000011_c2',
  ])
  expect(Array.from(table.pairIds)).toEqual(Array.from(table.pairIds.keys()))
  expect(table.potentialEnergies![0]).toBeLessThan(-40)
  expect(text('molecules.csv').split('\n')).toHaveLength(6)
})

test('replaces what it is told to, and nothing else', async () => {
  changeEnergy()
  const before = text('structures.csv')
  const { replaced, added, all } = await take(['couplet_000001'])
  expect({ replaced, added, all }).toEqual({
    replaced: ['couplet_000001'],
    added: ['couplet_000002', 'couplet_000011_c2'],
    all: 4,
  })
  expect((await readChamps(into)).table.potentialEnergies![0]).toBe(-1)
  expect(text('structures.csv')).toContain(before.split('\n')[1])
})

test('takes in what couplet label wrote', async () => {
  const labels = join(folder, 'labels')
  const water = { name: 'couplet_000003', source: 'O', smiles: 'O' }
  const common = {
    ...water,
    schema: 1 as const,
    key: '',
    notes: [],
    elements: ['O', 'H', 'H'],
    positions: [
      [0, 0, 0.1],
      [0.757, 0.586, 0],
      [-0.757, 0.586, 0],
    ],
    pairs: [{ atoms: [1, 2] as const, type: '2JHH' as const, fc: -10, sd: 0.1, pso: 6, dso: -7 }],
    energy: -76.4,
    mulliken: [-0.8, 0.4, 0.4],
    dipole: [0, 1.8, 0],
    method: { psi4: '1.3.2' },
    geometry: { converged: true },
    cost: { couplings: 2.3, geometry: 1, wallSeconds: 4, peakMb: 100 },
  }
  await writeLabels(labels, [
    { ...common, optimise: 'dft' },
    { ...common, name: 'couplet_000003_c1', optimise: 'none', geometry: {} },
  ])
  const { added, refused } = await take([], labels)
  expect({ added, refused }).toEqual({ added: ['couplet_000003'], refused: ['couplet_000003_c1'] })
  expect(text('molecules.csv')).toContain('\ncouplet_000003,O,1,dft,psi4,True,True,3.3\n')
  expect((await readChamps(into)).table.names).toContain('couplet_000003')
})

test.each([
  ['a name that is not of the queue', 'couplet_000002', 'methanol', 'has a molecule "methanol"'],
  ['another molecule', 'couplet_000002,N', 'couplet_000002,O', 'is "O", but'],
])('refuses %s', async (_, found, instead, message) => {
  const before = text('train.csv')
  for (const file of readdirSync(from)) {
    editLines(from, file, (line) => line.replace(found, instead))
  }
  await expect(take()).rejects.toThrow(
    expect.objectContaining({ name: 'DataError', message: expect.stringContaining(message) }),
  )
  expect(text('train.csv')).toBe(before)
})

test('refuses to replace what is not in both, or did not converge', async () => {
  await expect(take(['couplet_000011'])).rejects.toThrow('from has no "couplet_000011"')
  await expect(take(['couplet_000002'])).rejects.toThrow('into has no "couplet_000002"')
  editLines(from, 'molecules.csv', (line) => line.replace('True,True', 'False,True'))
  await expect(take(['couplet_000001'])).rejects.toThrow('couplet_000001 did not converge')
  expect((await take()).refused).toEqual(['couplet_000002', 'couplet_000011_c2'])
})

test('refuses other columns', async () => {
  editLines(from, 'molecules.csv', (line, head) => (head ? line.replace('engine', 'code') : line))
  await expect(take()).rejects.toThrow('molecules.csv has other columns')
})
