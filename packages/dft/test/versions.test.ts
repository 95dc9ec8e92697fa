import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DFT_DIRECTORY, readDft, readDftVersion } from '../src/index.ts'
import { beginNext, changedSince, describeVersion, freeze } from '../tools/versions.ts'
import { editLines, writeSubset } from './subset.ts'

const state = await readDftVersion()

test('the files are those of the frozen version, byte for byte', async () => {
  if (!state.frozen) {
    console.warn(`version ${state.version} is growing: no file is held to what it was`)
    return
  }
  // If this fails: take the files of the last commit, or begin the next version (take-in --next-version).
  expect(await changedSince(DFT_DIRECTORY, state)).toEqual([])
  expect((await readDft()).dataset.sha256).toBe(state.versions.at(-1)!.sha256)
})

let folder: string
let data: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dft-'))
  data = writeSubset(join(folder, 'data'), ['couplet_000001', 'couplet_000011_c1'])
  path = join(folder, 'VERSION.json')
  writeFileSync(path, JSON.stringify({ version: 1, frozen: false, versions: [] }))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a frozen version notices every changed file, a growing one none', async () => {
  const edit = (): void =>
    editLines(data, 'dipole_moments.csv', (line) => line.replace('0.000390645', '0.000390646'))
  expect(await changedSince(data, await readDftVersion(path))).toEqual([])
  const made = await freeze(data, path, '2026-11-25')
  expect(made).toMatchObject({ version: 1, geometries: 2, molecules: 2, constitutions: 2 })
  expect(Object.keys(made.files)).toHaveLength(7)
  expect(await changedSince(data, await readDftVersion(path))).toEqual([])
  edit()
  expect(await changedSince(data, await readDftVersion(path))).toEqual(['dipole_moments.csv'])
  writeFileSync(join(data, 'more.csv'), 'a\n')
  expect(await changedSince(data, await readDftVersion(path))).toContain('more.csv')
  expect(await beginNext(path)).toBe(2)
  expect(await changedSince(data, await readDftVersion(path))).toEqual([])
})

test('versions follow each other, and earlier ones stay', async () => {
  await freeze(data, path, '2026-11-25')
  await expect(freeze(data, path, '2026-11-26')).rejects.toThrow('version 1 is frozen already')
  expect([await beginNext(path), await beginNext(path)]).toEqual([2, 2])
  await freeze(data, path, '2026-11-27')
  const { version, frozen, versions } = await readDftVersion(path)
  expect({ version, frozen, dates: versions.map(({ date }) => date) }).toEqual({
    version: 2,
    frozen: true,
    dates: ['2026-11-25', '2026-11-27'],
  })
  expect(versions[0]!.sha256).toBe((await describeVersion(data)).sha256)
})

test.each([
  ['{', 'it is not JSON'],
  ['{"version": 1}', 'it lacks version, frozen or versions'],
  ['{"version": 2, "frozen": false, "versions": []}', 'it has the frozen versions none'],
])('a damaged file is refused: %s', async (content, message) => {
  writeFileSync(path, content)
  await expect(readDftVersion(path)).rejects.toThrow(message)
  expect(readFileSync(path, 'utf8')).toBe(content)
})
