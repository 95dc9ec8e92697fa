import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { perceiveBonds } from '@couplet/data'
import { readLabelInputs, type LabelInput } from '../src/index.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'labels-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const NUMBERS: Record<string, number> = { H: 1, C: 6, N: 7, O: 8, F: 9 }

test('SMILES become geometries with the bonds of the graph', async () => {
  const path = write('some.smi', '# comment\nCCO ethanol\n\nC1=CC=CO1\nC#N\nC#C\n')
  const inputs = (await readLabelInputs(path)) as LabelInput[]
  expect(inputs.map(({ name }) => name)).toEqual([
    'ethanol',
    'some_000004',
    'some_000005',
    'some_000006',
  ])
  expect(inputs.filter((input) => 'refused' in input)).toEqual([])
  for (const { elements, positions, bonds, name } of inputs) {
    const numbers = Uint8Array.from(elements, (element) => NUMBERS[element]!)
    expect(perceiveBonds(numbers, Float32Array.from(positions.flat()), name)).toEqual(bonds)
  }
  expect(inputs[0]!.elements.filter((element) => element === 'H')).toHaveLength(6)
  expect(await readLabelInputs(path)).toEqual(inputs)
})

test('molecules that cannot be labelled say why', async () => {
  const path = write('bad.smi', 'CCl\n[NH4+]\nC.C\n[CH3]\nC1CC\nxyz\n')
  const reasons = (await readLabelInputs(path)).map((input) => 'refused' in input && input.refused)
  expect(reasons.slice(0, 4)).toEqual([
    'Cl is not among the elements H, C, N, O, F',
    'its charge is 1: neutral molecules only',
    'it is more than one molecule',
    'it is a radical: closed shells only',
  ])
  expect(reasons[4]).toMatch(/ring/i)
  expect(reasons[5]).toMatch(/SmilesParser/)
})

test('an XYZ geometry is taken as it is', async () => {
  const path = write('water.xyz', '3\n\nO 0 0 0.1\nH 0.757 0.586 0\nH -0.757 0.586 0\n')
  expect(await readLabelInputs(path)).toEqual([
    {
      name: 'water',
      source: 'water.xyz',
      elements: ['O', 'H', 'H'],
      positions: [
        [0, 0, 0.1],
        [0.757, 0.586, 0],
        [-0.757, 0.586, 0],
      ],
    },
  ])
})

test('an SDF geometry is taken as it is, a drawing gets one', async () => {
  const atoms = (rows: string[]): string =>
    rows.map((row) => `${row}   0  0  0  0  0  0  0  0  0  0  0  0\n`).join('')
  const spatial = `water\n\n\n  3  2  0  0  0  0  0  0  0  0999 V2000
${atoms(['    0.0000    0.0000    0.1000 O  ', '    0.7570    0.5860    0.0000 H  ', '   -0.7570    0.5860    0.0000 H  '])}  1  2  1  0\n  1  3  1  0\nM  END\n$$$$\n`
  const flat = `\n\n\n  2  1  0  0  0  0  0  0  0  0999 V2000
${atoms(['    0.0000    0.0000    0.0000 C  ', '    1.5000    0.0000    0.0000 O  '])}  1  2  1  0\nM  END\n$$$$\n`
  const path = write('two.sdf', spatial + flat)
  const [water, methanol] = (await readLabelInputs(path)) as LabelInput[]
  expect(water!.name).toBe('water')
  expect(water!.positions[1]).toEqual([0.757, 0.586, 0])
  expect(methanol!.name).toBe('two_000002')
  expect(methanol!.elements.join('')).toBe('COHHHH')
  // A MOL file, and a last record without its end.
  const end = '$$$$\n'
  const [alone] = (await readLabelInputs(
    write('one.mol', spatial.slice(0, -end.length)),
  )) as LabelInput[]
  expect(alone!.positions).toEqual(water!.positions)
  expect(
    await readLabelInputs(write('three.sdf', (spatial + flat).slice(0, -end.length))),
  ).toHaveLength(2)
  const cut = spatial.slice(0, spatial.indexOf('M  END'))
  const far = spatial.replace('    0.7570', ' 1.00e+300')
  expect((await readLabelInputs(write('bad.sdf', `${flat}${cut}`)))[1]).toMatchObject({
    refused: 'it ends before "M  END"',
  })
  for (const [wrong, refused] of [
    [far, 'a coordinate is no number of angstrom below 10000'],
    [spatial.replace('    0.7570', '       nan'), 'its atoms or coordinates cannot be read'],
  ] as const) {
    expect((await readLabelInputs(write('far.sdf', wrong)))[0]).toMatchObject({ refused })
  }
})

test.each([
  ['twice.smi', 'C a\nCC a\n', 'the name a occurs twice'],
  ['name.smi', 'C ../escape\n', 'is no name for a molecule'],
  ['crystal.cif', 'data_x\n', 'crystal.cif is of no kind that can be read. Give a .smi'],
  ['empty.smi', '# nothing\n', 'has no molecules'],
])('%s is refused as a whole', async (file, text, message) => {
  await expect(readLabelInputs(write(file, text))).rejects.toThrow(message)
})
