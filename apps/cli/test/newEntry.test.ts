import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHECKS } from '@couplet/model/conformance'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENTRY_CHECKS } from '../src/checkEntry.ts'
import { CONFORMANCE_FIXES } from '../src/conformanceFixes.ts'
import { camelCase, createEntry, TEMPLATE } from '../src/createEntry.ts'
import { findEntryPackage } from '../src/entryPackage.ts'
import type { Problem } from '../src/entryRules.ts'
import { PROJECT_DIRECTORY } from '../src/results.ts'
import { callCouplet } from './callCouplet.ts'

const ID = 'gated-graph-network'
const FOLDER = join('packages', 'entries', ID)
/** A checkout in small: the settings, the template and the command line's list; what is installed is that of this checkout. */
const COPIED = [
  'README.md',
  'package.json',
  'tsconfig.base.json',
  'vitest.config.ts',
  '.oxlintrc.json',
  '.oxfmtrc.json',
  '.gitignore',
  join('apps', 'cli', 'package.json'),
  join('apps', 'cli', 'src', 'entries.ts'),
  ...['src', 'test', 'package.json', 'README.md', 'tsconfig.json', 'tsconfig.build.json'].map(
    (name) => join('packages', 'entries', TEMPLATE, name),
  ),
]
/** Compilers and linters take a while where others compute beside them. */
const SLOW = { timeout: 240_000 }
let root: string
let made: string[]

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'couplet-new-'))
  for (const path of COPIED) {
    await cp(join(PROJECT_DIRECTORY, path), join(root, path), { recursive: true })
  }
  await mkdir(join(root, '.changeset'))
  await symlink(join(PROJECT_DIRECTORY, 'node_modules'), join(root, 'node_modules'))
  made = await createEntry(root, ID)
  // What `pnpm install` would link: the same packages as those of the template.
  const installed = join(PROJECT_DIRECTORY, 'packages', 'entries', TEMPLATE, 'node_modules')
  await symlink(installed, join(root, FOLDER, 'node_modules'))
})

afterAll(async () => rm(root, { recursive: true, force: true }))

async function problems(check: string): Promise<Problem[]> {
  const { run } = ENTRY_CHECKS.find(({ name }) => name === check)!
  return run(await findEntryPackage(root, ID))
}

/** Runs a check while a file of the new entry is another, or two, and puts them back. */
async function problemsWith(
  check: string,
  path: string,
  change: (text: string) => string,
  second?: { readonly path: string; readonly change: (text: string) => string },
): Promise<Problem[]> {
  const file = join(root, FOLDER, path)
  const text = await readFile(file, 'utf8')
  await writeFile(file, change(text))
  try {
    return second ? await problemsWith(check, second.path, second.change) : await problems(check)
  } finally {
    await writeFile(file, text)
  }
}

const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8')

describe('couplet new', () => {
  test('says what it made and changed, and registers the entry', async () => {
    expect(made).toEqual([
      FOLDER,
      join('apps', 'cli', 'src', 'entries.ts'),
      join('apps', 'cli', 'package.json'),
      'README.md',
      join('.changeset', `${ID}.md`),
    ])
    expect(await read('README.md')).toContain(`[\`@couplet/${ID}\`](packages/entries/${ID})`)
    const register = await read(join('apps', 'cli', 'src', 'entries.ts'))
    expect(register).toContain(`import { gatedGraphNetwork } from '@couplet/${ID}'`)
    expect(register).toMatch(/ENTRIES: [^=]*= \[[^\]]*\n {2}gatedGraphNetwork,\n\]/)
  })

  test('leaves no trace of the template in the code', async () => {
    for (const path of [
      'src/index.ts',
      'src/network.ts',
      'package.json',
      'test/conformance.test.ts',
    ]) {
      const text = await read(join(FOLDER, path))
      expect(text.replaceAll(`copy of @couplet/${TEMPLATE}`, '')).not.toMatch(/mpnn/i)
    }
    expect(await read(join(FOLDER, 'src/network.ts'))).toContain('type GatedGraphNetworkConfig')
  })

  test.each([
    ['Gated Graph', /words joined by hyphens/],
    ['../mpnn', /words joined by hyphens/],
    [TEMPLATE, /there is a package of this name/],
    ['class', /class has another meaning in the code/],
    ['known', /known has another meaning in the code/],
    ['a'.repeat(41), /longer than 40 letters/],
  ])('refuses the name %s and writes nothing', async (id, message) => {
    const before = await read(join('apps', 'cli', 'src', 'entries.ts'))
    await expect(createEntry(root, id)).rejects.toThrow(message)
    expect(await read(join('apps', 'cli', 'src', 'entries.ts'))).toBe(before)
  })

  test('names variables in camel case', () => {
    expect(['mpnn', 'so3-net', 'a-b-c'].map(camelCase)).toEqual(['mpnn', 'so3Net', 'aBC'])
  })
})

describe('couplet check', () => {
  test.each(['files', 'entry', 'manifest', 'readme', 'known'])(
    'the new entry passes: %s',
    async (check) => {
      expect(await problems(check)).toEqual([])
    },
  )

  // Of the slow checks, one complaint about what was broken shows as well that there is nothing else to complain about.

  test.each([
    [
      'entry',
      'src/entry.json',
      '"charges": "none"',
      '"charges": "some"',
      /charges/,
      /Mend these fields/,
    ],
    [
      'entry',
      'package.json',
      '"version": "0.0.0"',
      '"version": "0.1.0"',
      /0\.1\.0/,
      /same version/,
    ],
    ['manifest', 'package.json', '"MIT"', '"ISC"', /license .* "ISC"/, /"license": "MIT"/],
    ['readme', 'README.md', '## Credit', '## Thanks', /## Credit/, /Add a section "## Credit"/],
    [
      'readme',
      'README.md',
      'from which it was copied',
      'more or less',
      /deviation/,
      /Add "- It is still/,
    ],
    [
      'files',
      'test/conformance.test.ts',
      'testModel(',
      'console.log(',
      /testModel/,
      /Copy .*conformance/,
    ],
    [
      'format',
      'src/index.ts',
      'const train',
      'const   train',
      /index\.ts [\s\S]*above 1 files/,
      /exec oxfmt packages/,
    ],
    [
      'types',
      'src/index.ts',
      "kind: 'network'",
      "kind: 'net'",
      /^[^\n]*TS2322[^\n]*$/,
      /tsc --noEmit -p/,
    ],
    [
      'lint',
      'src/index.ts',
      'const train',
      'debugger\nconst train',
      /no-debugger[\s\S]*Found 0 warnings and 1 error\./,
      /oxlint --type-aware/,
    ],
  ])('%s: a broken %s gets a fix', SLOW, async (check, path, from, to, what, fix) => {
    const found = await problemsWith(check, path, (text) => text.replace(from, to))
    expect(found.length).toBeGreaterThan(0)
    expect(found[0]!.what).toMatch(what)
    expect(found[0]!.fix).toMatch(fix)
  })

  test('a broken promise of the conformance suite gets a fix of its own', SLOW, async () => {
    // The other promises are those of the template, whose own tests hold them.
    const others = Object.keys(CHECKS).filter((name) => name !== 'golden')
    const optOut = Object.fromEntries(others.map((name) => [name, 'not in this test']))
    const found = await problemsWith(
      'tests',
      'src/network.ts',
      (text) => text.replace(/couplings: (readPairs\(.*\)) \}/, 'couplings: tf.mul(1.5, $1) }'),
      {
        path: 'test/conformance.test.ts',
        change: (text) => text.replace('{ golden', `{ optOut: ${JSON.stringify(optOut)}, golden`),
      },
    )
    expect(found).toHaveLength(1)
    expect(found[0]!.what).toMatch(/golden values: .* the golden value of .* Hz/)
    expect(found[0]!.fix).toContain(`COUPLET_WRITE_GOLDEN=1 npx pnpm@12.21.0 exec vitest run`)
  })

  test('every promise of the suite has a fix', () => {
    const titles = Object.values(CHECKS).map(({ title }) => title)
    expect(Object.keys(CONFORMANCE_FIXES).toSorted()).toEqual(titles.toSorted())
  })

  test('the command passes for the template, and fails for what there is not', SLOW, async () => {
    const [good, unknown, step] = await Promise.all([
      callCouplet(root, ['check', TEMPLATE, '--only', 'files', 'entry', 'readme']),
      callCouplet(root, ['check', 'nothing']),
      callCouplet(root, ['check', TEMPLATE, '--only', 'taste']),
    ])
    expect(good).toMatchObject({ code: 0, stderr: '' })
    expect(good.stdout).toMatch(/PASS {2}files[\s\S]*mpnn: all 3 checks pass\./)
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toMatch(/no package nothing in packages\/entries\. There are: .*mpnn/)
    expect(step.stderr).toMatch(/no check taste\. Checks: files, entry/)
  })
})
