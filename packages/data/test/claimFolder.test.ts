import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimFolder, type Claim } from '../src/node.ts'

let above: string
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claim-'))
  above = join(folder, 'deep', 'claims')
})
afterEach(() => rmSync(folder, { recursive: true }))

const claim = (): Promise<Claim> =>
  claimFolder(above, ({ process: id, folder: place }) => new Error(`taken by ${id}: ${place}`))

test('a claim has a folder of its own, and nothing stays of it', async () => {
  const one = await claim()
  writeFileSync(join(one.folder, 'file'), '')
  expect(readdirSync(above)).toHaveLength(1)
  await one.close()
  expect(existsSync(above)).toBe(false)
  await (await claim()).close()
})

test('what another process has is refused, and stays', async () => {
  const other = join(above, String(process.ppid))
  mkdirSync(other, { recursive: true })
  await expect(claim()).rejects.toThrow(`taken by ${process.ppid}: ${other}`)
  expect(readdirSync(above)).toEqual([String(process.ppid)])
})

test('what this process has is refused, until it is closed', async () => {
  const one = await claim()
  await expect(claim()).rejects.toThrow(`taken by ${process.pid}: ${one.folder}`)
  expect(existsSync(one.folder)).toBe(true)
  await one.close()
  await (await claim()).close()
})

test('the claims of processes that have ended are cleared away', async () => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid
  for (const name of [String(gone), `${gone}-17`, 'no process']) {
    mkdirSync(join(above, name, 'left'), { recursive: true })
  }
  const one = await claim()
  expect(readdirSync(above)).toHaveLength(1)
  await one.close()
})

test.runIf(process.platform === 'linux')(
  'a process that only has the number of one that ended is another',
  async () => {
    // No process but the very first started with the machine.
    mkdirSync(join(above, `${process.ppid}-1`), { recursive: true })
    mkdirSync(join(above, `${process.pid}-1`))
    const one = await claim()
    expect(readdirSync(above)).toHaveLength(1)
    await one.close()
  },
)

test('a folder that cannot be made is an error for people', async () => {
  writeFileSync(join(folder, 'deep'), '')
  await expect(claim()).rejects.toThrow(/claims is not a folder|claims exists, but is not a folder/)
})
