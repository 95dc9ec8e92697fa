import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DataError } from '../src/DataError.ts'
import { readCachedTable, readChamps, sha256, writeCachedTable } from '../src/node.ts'
import { decodeTable } from '../src/tableCache.ts'
import { champsFiles, folderOf } from './champsFixture.ts'

const KEY = sha256('a key')

async function cachedTable() {
  const folder = folderOf(champsFiles())
  const { table } = await readChamps(folder)
  const directory = join(dirname(folder), 'deep', 'cache')
  await writeCachedTable(directory, KEY, table, { kept: ['with', 1] })
  return { directory, table, path: join(directory, `${KEY}.table`) }
}

describe('the table cache', () => {
  it('gives back what it was given, and leaves nothing else behind', async () => {
    const { directory, table } = await cachedTable()
    const cached = await readCachedTable(directory, KEY)
    expect(cached).toEqual({ table, notes: { kept: ['with', 1] } })
    expect(readdirSync(directory)).toEqual([`${KEY}.table`])
  })

  it('reads bytes that start anywhere in their buffer', async () => {
    const { table, path } = await cachedTable()
    const whole = readFileSync(path)
    for (const shift of [1, 4, 8]) {
      const bytes = Buffer.alloc(whole.length + shift).subarray(shift)
      bytes.set(whole)
      expect(decodeTable(bytes, KEY)?.table).toEqual(table)
    }
  })

  it('has nothing under another key', async () => {
    const { directory, path } = await cachedTable()
    const other = sha256('another key')
    expect(await readCachedTable(directory, other)).toBeUndefined()
    // Nor under a file that was renamed.
    writeFileSync(join(directory, `${other}.table`), readFileSync(path))
    expect(await readCachedTable(directory, other)).toBeUndefined()
  })

  it('passes over a file that is cut short anywhere, or longer', async () => {
    const { directory, path } = await cachedTable()
    const whole = readFileSync(path)
    for (let length = 0; length < whole.length; length += 13) {
      writeFileSync(path, whole.subarray(0, length))
      expect(await readCachedTable(directory, KEY)).toBeUndefined()
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(8)]))
    expect(await readCachedTable(directory, KEY)).toBeUndefined()
  })

  it('passes over a file with any byte changed', async () => {
    const { directory, path } = await cachedTable()
    const whole = readFileSync(path)
    for (let position = 0; position < whole.length; position += 7) {
      const damaged = Buffer.from(whole)
      damaged[position]! ^= 1
      writeFileSync(path, damaged)
      expect(await readCachedTable(directory, KEY)).toBeUndefined()
    }
  })

  it('passes over a table that is none, though its checksum is right', async () => {
    const { directory, table } = await cachedTable()
    const wrong = { ...table, pairAtoms: table.pairAtoms.map(() => 60_000) }
    await writeCachedTable(directory, KEY, wrong)
    expect(await readCachedTable(directory, KEY)).toBeUndefined()
  })

  it('refuses keys that are no checksum, and folders that are files', async () => {
    const { directory, table, path } = await cachedTable()
    await expect(writeCachedTable(directory, '../../elsewhere', table)).rejects.toThrow(DataError)
    await expect(writeCachedTable(path, KEY, table)).rejects.toThrow(DataError)
    expect(readdirSync(directory)).toEqual([`${KEY}.table`])
  })
})

describe('readChamps with a cache', () => {
  it('reads from it, builds a damaged one anew and notices changed files', async () => {
    const folder = folderOf(champsFiles())
    const cacheDirectory = join(dirname(folder), 'cache')
    const fresh = await readChamps(folder)
    expect(await readChamps(folder, { cacheDirectory })).toEqual(fresh)
    const [file] = readdirSync(cacheDirectory)
    const path = join(cacheDirectory, file!)
    const written = statSync(path).ino
    expect(await readChamps(folder, { cacheDirectory })).toEqual(fresh)
    expect(statSync(path).ino).toBe(written)

    writeFileSync(path, 'not a table')
    expect(await readChamps(folder, { cacheDirectory })).toEqual(fresh)
    expect(await readCachedTable(cacheDirectory, file!.replace('.table', ''))).toBeDefined()

    const changed = champsFiles()['train.csv']!.replace(/1JHN,.*/, '1JHN,1234.5')
    writeFileSync(join(folder, 'train.csv'), changed)
    expect((await readChamps(folder, { cacheDirectory })).table.couplings![5]).toBe(1234.5)
    expect(readdirSync(cacheDirectory).length).toBe(2)
  })
})
