import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkOutput } from '../src/checkOutput.ts'
import { readMolecules } from '../src/readMolecules.ts'

let folder: string
const at = (...names: string[]): string => join(folder, ...names)
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'couplet-'))
  await mkdir(at('run'))
  await writeFile(at('run', 'run.json'), '{}')
  await writeFile(at('me.xyz'), '2\n\nH 0 0 0\nH 0 0 9\n')
  await symlink('me.xyz', at('link.csv'))
})
afterEach(() => rm(folder, { recursive: true }))

test('an output may be new, in a folder that is not there yet, or replace another file', async () => {
  await writeFile(at('old.csv'), 'old')
  for (const [out, read] of [
    [at('new', 'deep', 'out.csv'), at('me.xyz')],
    [at('old.csv'), at('me.xyz')],
    // Beside the molecules that are read from a folder is where people put results.
    [at('out.csv'), folder],
  ] as const) {
    await expect(checkOutput(out, [read, at('run')])).resolves.toBeUndefined()
  }
})

test.each([
  ['me.xyz', 'would replace what is read'],
  ['link.csv', 'would replace what is read'],
  ['run/checkpoint.safetensors', 'would replace what is read'],
  ['run', 'would replace what is read'],
  ['there', 'is a folder'],
  ['me.xyz/out.csv', 'is no folder that may be written to'],
])('%s is refused before any work', async (out, message) => {
  await mkdir(at('there'))
  await expect(checkOutput(at(out), [at('me.xyz'), at('run')])).rejects.toThrow(message)
})

test('so is a folder without the permission', async ({ skip }) => {
  if (process.getuid?.() === 0) skip('the superuser may write everywhere')
  await mkdir(at('locked'))
  await chmod(at('locked'), 0o500)
  await expect(checkOutput(at('locked', 'out.csv'), [])).rejects.toThrow('may be written to')
})

test('molecules without a coupling are refused, and what is not there or of another kind is named', async () => {
  await expect(readMolecules(at('me.xyz'))).rejects.toThrow('coordinates in angstrom')
  await expect(readMolecules(at('none'))).rejects.toThrow('does not exist')
  await writeFile(at('ethanol.sdf'), '')
  await expect(readMolecules(at('ethanol.sdf'))).rejects.toThrow('Convert it first')
})
