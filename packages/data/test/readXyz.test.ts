import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readXyz } from '../src/node.ts'
import { folderOf } from './champsFixture.ts'

const CYANIDE = '3\n\nC 0 0 0\nN 0 0 1.156\nH 0 0 -1.065\n'
const WATER = '3\n\nO 0 0 0.12\nH 0 0.76 -0.48\nH 0 -0.76 -0.48\n'

describe('readXyz', () => {
  it('reads a file, with bonds and pairs from the geometry', async () => {
    const table = await readXyz(
      join(folderOf({ 'hydrogen cyanide.xyz': CYANIDE }), 'hydrogen cyanide.xyz'),
    )
    expect(table.names).toEqual(['hydrogen cyanide'])
    expect([...table.bondAtoms]).toEqual([0, 1, 0, 2])
    expect([...table.pairAtoms]).toEqual([2, 0, 2, 1])
    expect(table.couplings).toBeUndefined()
  })

  it('reads the XYZ files of a folder in order, with running ids', async () => {
    const table = await readXyz(
      folderOf({ 'b.xyz': CYANIDE, 'a.XYZ': WATER + WATER, 'notes.txt': 'none' }),
    )
    expect(table.names).toEqual(['a-1', 'a-2', 'b'])
    expect([...table.pairIds]).toEqual([0, 1, 2, 3])
  })

  it('reads a file with more frames than a function takes arguments', async () => {
    const frames = 150_000
    const table = await readXyz(folderOf({ 'a.xyz': '1\n\nH 0 0 0\n'.repeat(frames) }))
    expect(table.names.length).toBe(frames)
    expect(table.names.at(-1)).toBe(`a-${frames}`)
  })

  it.each([
    ['an empty folder', {}, 'has no .xyz files'],
    ['a bad file', { 'a.xyz': WATER, 'b.xyz': '3\n' }, 'b.xyz line 1 is the last'],
    [
      'bytes that are no text',
      { 'a.xyz': Uint8Array.of(0x31, 0xff) },
      'a.xyz is not text in UTF-8',
    ],
    ['one name twice', { 'a.xyz': WATER, 'a.XYZ': WATER }, 'Two molecules are called "a"'],
  ])('refuses %s', async (_, files, message) => {
    await expect(readXyz(folderOf(files as Record<string, string>))).rejects.toThrow(message)
  })

  it('refuses a path that is not there', async () => {
    await expect(readXyz(join(folderOf({}), 'none.xyz'))).rejects.toThrow(
      'none.xyz does not exist.',
    )
  })
})
