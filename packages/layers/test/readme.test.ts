import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import * as layers from '../src/index.ts'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
const rows = [...readme.matchAll(/^\| `(\w+)` .*\|([^|]*)\|$/gm)]

test('the example of the README runs', async () => {
  const [, example] = /```ts\n([^]*?)```/.exec(readme)!
  // Beside this file, so that the names of packages resolve as in a program that depends on them.
  const folder = await mkdtemp(fileURLToPath(new URL('readme-', import.meta.url)))
  try {
    await writeFile(join(folder, 'example.ts'), example!)
    const { stdout } = await promisify(execFile)(process.execPath, ['example.ts'], { cwd: folder })
    expect(stdout.trim()).toBe('[ 3, 1 ]')
    expect(example).toContain(`// ${stdout.trim()}`)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('the README tells every part', () => {
  const parts = Object.keys(layers).filter((name) => !name.endsWith('Spec'))
  expect(rows.map(([, name]) => name!).toSorted()).toEqual(parts.toSorted())
})

test('and who uses it', async () => {
  const entries = new URL('../../entries/', import.meta.url)
  const folders = await readdir(entries, { withFileTypes: true })
  const users = new Map<string, string[]>(rows.map(([, name]) => [name!, []]))
  for (const folder of folders.filter((entry) => entry.isDirectory())) {
    const source = new URL(`${folder.name}/src/`, entries)
    const files = await readdir(source, { recursive: true })
    const texts = await Promise.all(
      files
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFile(new URL(name, source), 'utf8')),
    )
    const imports = texts.flatMap((text) =>
      [...text.matchAll(/import \{([^}]*)\} from '@couplet\/layers'/g)].flatMap(([, names]) =>
        names!.split(/[\s,]+/),
      ),
    )
    for (const name of new Set(imports)) users.get(name)?.push(folder.name)
  }
  for (const [, name, told] of rows) {
    expect(`${name}: ${told!.trim().split(', ').toSorted().join()}`).toBe(
      `${name}: ${users.get(name!)!.toSorted().join()}`,
    )
  }
})
