import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { runnerNames } from '../src/findRunners.ts'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

test('the example of the README runs and learns', async () => {
  const [, example] = /```ts\n([^]*?)```/.exec(readme)!
  // Beside this file, so that the names of packages resolve as in a program that depends on them.
  const folder = await mkdtemp(fileURLToPath(new URL('readme-', import.meta.url)))
  try {
    await writeFile(join(folder, 'example.ts'), example!)
    const { stdout } = await promisify(execFile)(process.execPath, ['example.ts'], { cwd: folder })
    const lines = stdout.trim().split('\n')
    expect(lines[0]).toMatch(/^step 100: loss 0\.\d{3}$/)
    expect(lines[2]).toBe('step 300: loss 0.000')
    expect(lines[3]).toBe('4.00 3.00')
    expect(example).toContain(`// ${lines[3]}`)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('the README tells the runners in the order in which they are tried', () => {
  const rows = [...readme.matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name)
  expect(rows).toEqual(runnerNames)
})
