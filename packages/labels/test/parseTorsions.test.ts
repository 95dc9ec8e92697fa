import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { atomicNumberOf, dihedral, perceiveBonds } from '@couplet/data'
import type { LabelInput } from '../src/index.ts'
import { parseTorsions } from '../src/parseTorsions.ts'

const parse = (text: string): Promise<LabelInput[]> => parseTorsions(text, 'some/list.txt', 'list')

/** The symbols of the atoms of a torsion, and its dihedral angle in degrees. */
function torsionOf({ elements, positions, torsion }: LabelInput): [string, number] {
  const [i, j, k, l] = torsion!.atoms as [number, number, number, number]
  const radians = dihedral(Float64Array.from(positions.flat()), i, j, k, l)!
  const symbols = torsion!.atoms.map((atom) => elements[atom]).join('')
  // Without the sign of a zero.
  return [symbols, Number(((radians * 180) / Math.PI).toFixed(2)) + 0]
}

test('turns the torsion and leaves the bonds alone', async () => {
  const inputs = await parse('# comment\n\nCCO | CCO[#1] | 0 -60 240 | ethanol\n')
  expect(inputs.map(({ name }) => name)).toEqual(['ethanol_c1', 'ethanol_c2', 'ethanol_c3'])
  expect(inputs.map(({ torsion }) => torsion!.degrees)).toEqual([0, -60, -120])
  expect(inputs.map(torsionOf)).toEqual([
    ['CCOH', 0],
    ['CCOH', -60],
    ['CCOH', -120],
  ])
  for (const { elements, positions, bonds, smiles } of inputs) {
    const numbers = Uint8Array.from(elements, (element) => atomicNumberOf(element)!)
    expect(perceiveBonds(numbers, Float32Array.from(positions.flat()), 'ethanol')).toEqual(bonds)
    expect(smiles).toBe('CCO')
  }
  expect(await parse('CCO|CCO[#1]|0 -60 240|ethanol')).toEqual(inputs)
})

test.each([
  ['CCF', '[#1]CC[#1]', 'HCCH'],
  ['CC(C)O', '[H]OC[#1]', 'HOCH'],
  ['CCN', '[#1][CH3]CN', 'HCCN'],
  ['CN(C)N', '[#1]NN(C)', 'HNNC'],
  ['CCCF', 'CC[CH2]F', 'CCCF'],
  ['CCF', '3-0-1-2', 'HCCF'],
])('finds in %s the torsion %s', async (smiles, pattern, symbols) => {
  const [input] = await parse(`${smiles} | ${pattern} | 40`)
  expect(torsionOf(input!)).toEqual([symbols, 40])
})

test('names lines without a name by their number, and counts a name through its lines', async () => {
  const inputs = await parse('CO | [#1]CO[#1] | 0\nCCN|[#1]NCC|0 90|a\nCCN|[#1]CCN|30|a')
  expect(inputs.map(({ name }) => name)).toEqual(['list_000001_c1', 'a_c1', 'a_c2', 'a_c3'])
})

describe('a bad line is refused with its number', () => {
  test.each([
    ['CCO CCO[#1]', 'is no torsion. Write SMILES | torsion | angles'],
    ['CCO | CCO[#1]', 'is no torsion'],
    ['CCO | CCO[#1] |', 'is no torsion'],
    ['CCO | CCO[#1] | 0 | a | b', 'is no torsion'],
    ['CCO | CCO[#1] | 0 far', '"far" is no angle'],
    ['CCO | CCO[#1] | 400', '"400" is no angle'],
    ['CCO | CCO | 0', 'its torsion has 3 atoms, not four in a row'],
    ['CCO | CCOC | 0', 'its torsion matches nothing'],
    ['CCF | CCF[#1] | 0', 'its torsion matches nothing'],
    ['CCO | C[!C | 0', 'its torsion cannot be read'],
    ['CC(C)CF | CC(C)C | 0', 'are no four atoms in a row'],
    ['CCO | 2-1-0-9 | 0', 'there is no atom 9: the molecule has 9, counted from 0'],
    ['CCO | 2-0-1-3 | 0', 'are no four atoms in a row'],
    ['FC1CC1 | FC1CC1 | 0', 'is in a ring'],
    ['FC=CF | FC=CF | 0', 'is no single bond'],
    ['N#CCC | N#CCC | 0', 'in line'],
    ['CC(C)(Cl)C | CCCC | 0', 'Cl is not among the elements'],
    ['C1CC | CCCC | 0', 'ing'],
  ])('%s', async (line, message) => {
    await expect(parse(`# torsions\n${line}\n`)).rejects.toThrow(
      expect.objectContaining({
        name: 'LabelError',
        message: expect.stringMatching(/^\[@couplet\/labels\] some\/list\.txt line 2: /),
      }),
    )
    await expect(parse(`# torsions\n${line}\n`)).rejects.toThrow(message)
  })
})

test('the torsions of the embedded data set are found with the atoms that its conformers have', async () => {
  const path = (file: string): string =>
    fileURLToPath(new URL(`../../dft/${file}`, import.meta.url))
  const list = readFileSync(path('torsions.txt'), 'utf8').split('\n')
  // Building all would take half a minute: one geometry of each of a few molecules.
  const lines = list.filter((line) => /^(CCN|COC|CON) \|/.test(line))
  const inputs = await parse(lines.join('\n'))
  const held = readFileSync(path('data/molecules.csv'), 'utf8').matchAll(
    /^(\w+),\w+,\d,xtb:([\d-]+):/gm,
  )
  const known = new Map(Array.from(held, ([, name, atoms]) => [name!, atoms!]))
  const found = inputs.filter(({ name }) => known.has(name))
  expect(found.length).toBeGreaterThan(10)
  for (const { name, torsion } of found) {
    expect([name, torsion!.atoms.join('-')]).toEqual([name, known.get(name)])
  }
})
