import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readMolecules } from '../src/readMolecules.ts'

let folder: string
const at = (name: string): string => join(folder, name)
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'couplet-'))
})
afterEach(() => rm(folder, { recursive: true }))

const METHANE =
  'C 0 0 0\nH 0.63 0.63 0.63\nH -0.63 -0.63 0.63\nH -0.63 0.63 -0.63\nH 0.63 -0.63 -0.63'
const UNUSUAL = {
  ammonium: [METHANE.replace('C', 'N'), 'odd number of electrons'],
  methyl: [METHANE.split('\n').slice(0, 4).join('\n'), 'odd number of electrons'],
  methylene: [METHANE.split('\n').slice(0, 3).join('\n'), 'no bond orders'],
  drawing: ['C 0 0 0\nH 1 0 0\nH -1 0 0\nH 0 1 0\nH 0 -1 0', 'is flat'],
} as const

const xyz = (atoms: string): string => `${atoms.split('\n').length}\n\n${atoms}\n`

test('a molecule like those that networks learn is taken without a word', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue()
  await writeFile(at('methane.xyz'), xyz(METHANE))
  const { table } = await readMolecules(at('methane.xyz'))
  expect(table.pairTypes.length).toBe(10)
  expect(said).not.toHaveBeenCalled()
  said.mockRestore()
})

test.each(Object.entries(UNUSUAL))(
  '%s is refused, and taken when asked for',
  async (name, [atoms, reason]) => {
    const said = vi.spyOn(console, 'error').mockReturnValue()
    const file = at(`${name}.xyz`)
    await writeFile(file, xyz(atoms))
    await expect(readMolecules(file)).rejects.toThrow(reason)
    await expect(readMolecules(file)).rejects.toThrow('--unchecked')
    expect((await readMolecules(file, true)).table.names).toEqual([name])
    expect(said.mock.lastCall?.[0]).toContain(reason)
    said.mockRestore()
  },
)

test('of many, the first is explained and the others are counted', async () => {
  await writeFile(at('good.xyz'), xyz(METHANE))
  for (const name of ['ammonium', 'methyl'] as const) {
    await writeFile(at(`${name}.xyz`), xyz(UNUSUAL[name][0]))
  }
  await expect(readMolecules(folder)).rejects.toThrow(/ammonium.*1 more of 3/)
})
