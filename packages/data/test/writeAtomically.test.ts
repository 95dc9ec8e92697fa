import { execFile } from 'node:child_process'
import { once } from 'node:events'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { asDataError, writeAtomically } from '../src/node.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'couplet-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('replaces a file as a whole and makes its folder', async () => {
  const path = join(folder, 'new', 'file.txt')
  await writeAtomically(path, ['one'])
  await writeAtomically(path, ['an', Uint8Array.of(0x64)])
  expect(readFileSync(path, 'utf8')).toBe('and')
  expect(readdirSync(join(folder, 'new'))).toEqual(['file.txt'])
})

function* failing(): Generator<string> {
  yield 'new'
  throw new Error('no more')
}

test('leaves the old file and nothing else where a part cannot be made', async () => {
  const path = join(folder, 'file.txt')
  writeFileSync(path, 'old')
  await expect(writeAtomically(path, failing())).rejects.toThrow('no more')
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(readdirSync(folder)).toEqual(['file.txt'])
})

test('says what is wrong where the folder is a file', async () => {
  writeFileSync(join(folder, 'file.txt'), 'old')
  await expect(writeAtomically(join(folder, 'file.txt', 'other'), [''])).rejects.toThrow(
    /file\.txt.* (is not a folder|exists, but is not a folder)\./,
  )
})

test('replaces what a link points to, not the link', async () => {
  writeFileSync(join(folder, 'file.txt'), 'old')
  symlinkSync('file.txt', join(folder, 'link.txt'))
  await writeAtomically(join(folder, 'link.txt'), ['new'])
  expect(readFileSync(join(folder, 'file.txt'), 'utf8')).toBe('new')
  expect(lstatSync(join(folder, 'link.txt')).isSymbolicLink()).toBe(true)
})

test.skipIf(process.platform === 'win32')('does not replace a socket by a file', async () => {
  const socket = join(folder, 'socket')
  const server = createServer().listen(socket)
  await once(server, 'listening')
  await expect(writeAtomically(socket, ['new'])).rejects.toThrow(/socket is a device or a pipe/)
  expect(lstatSync(socket).isSocket()).toBe(true)
  expect(readdirSync(folder)).toEqual(['socket'])
  server.close()
})

test.skipIf(process.platform !== 'linux')('ends where no folder can be made', async () => {
  await expect(writeAtomically('/proc/couplet/file.txt', ['new'])).rejects.toThrow(
    '/proc/couplet/file.txt does not exist. Check the path.',
  )
})

test.each([
  ['ENOSPC', 'the disk is full. Free some space.'],
  ['EDQUOT', 'your quota of the disk is used up.'],
  ['EFBIG', '`ulimit -f` allows.'],
])('has advice for %s', (code, advice) => {
  const error = Object.assign(new Error(code), { code })
  expect(String(asDataError(error, 'checkpoint'))).toContain(advice)
})

test('fails where the working folder itself was deleted, instead of trying for ever', async () => {
  const gone = join(folder, 'gone')
  mkdirSync(gone)
  const source = JSON.stringify(new URL('../src/node.ts', import.meta.url).href)
  const program = `
    import { rmdirSync } from 'node:fs'
    import { writeAtomically } from ${source}
    rmdirSync(process.cwd())
    await writeAtomically('folder/file.txt', ['text']).catch((error) => console.log(error.name, error.message))
  `
  const args = ['--input-type=module', '--eval', program]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: gone,
    timeout: 30_000,
  })
  expect(stdout).toMatch(/^DataError .*file\.txt/)
})
