import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEntry, type Entry } from '@couplet/model/schema'
import { readText, type EntryPackage } from './entryPackage.ts'

/** What is wrong, and what to do about it. */
export interface Problem {
  readonly what: string
  readonly fix: string
}

/** Files that every entry has, and what they are for. */
const FILES: Readonly<Record<string, string>> = {
  'package.json': 'name, version and dependencies',
  'README.md': 'what it is, whose idea, and every deviation',
  'src/index.ts': 'the model with its presets',
  'tsconfig.json': 'settings of the compiler',
  'tsconfig.build.json': 'settings of the compiler for what is published',
}

/** The files that an entry consists of are there, and one of them runs the conformance suite. */
export async function checkFiles({ root, folder }: EntryPackage): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const [name, purpose] of Object.entries(FILES)) {
    if ((await readText(root, join(folder, name))) !== undefined) continue
    const fix = `Add it (${purpose}); packages/entries/mpnn/${name} is an example.`
    problems.push({ what: `${folder}/${name} is missing.`, fix })
  }
  const tests = await readdir(join(root, folder, 'test'), { recursive: true }).catch(() => [])
  const texts = await Promise.all(
    tests
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => readText(root, join(folder, 'test', name))),
  )
  if (!texts.some((text) => text?.includes('testModel('))) {
    problems.push({
      what: `no test in ${folder}/test calls testModel: the entry does not run the conformance suite.`,
      fix: 'Copy packages/entries/mpnn/test/conformance.test.ts and put the name of your model in.',
    })
  }
  return problems
}

/** Every `entry.json` of the package follows the schema, and agrees with the folder and the package's version. */
export async function checkEntryFile(entryPackage: EntryPackage): Promise<Problem[]> {
  const { root, id, folder } = entryPackage
  const paths = await entryFiles(entryPackage)
  if (paths.length === 0) {
    const fix = 'Add it; packages/entries/mpnn/src/entry.json is an example.'
    return [{ what: `${folder}/src/entry.json is missing.`, fix }]
  }
  const problems: Problem[] = []
  const { version } = await manifestOf(entryPackage)
  for (const path of paths) {
    let entry: Entry
    try {
      entry = parseEntry(JSON.parse((await readText(root, path))!))
    } catch (error) {
      const fix = `Mend these fields of ${path}; the schema with its comments is in packages/model/src/schema.ts.`
      problems.push({ what: (error as Error).message, fix })
      continue
    }
    if (paths.length === 1 && entry.id !== id) {
      const fix = `Write "id": "${id}" into ${path}, or rename the folder.`
      problems.push({ what: `the entry is called ${entry.id}, but its folder ${id}.`, fix })
    }
    if (entry.version !== version) {
      const fix = `Write the same version into ${path} and ${folder}/package.json.`
      const what = `entry.json has version ${entry.version}, package.json ${String(version)}.`
      problems.push({ what, fix })
    }
  }
  return problems
}

/** The licence is MIT in the manifest, and the package publishes its sources and its README. */
export async function checkManifest(entryPackage: EntryPackage): Promise<Problem[]> {
  const { id, folder } = entryPackage
  const manifest = await manifestOf(entryPackage)
  const expected = { name: `@couplet/${id}`, license: 'MIT', author: 'The Couplet contributors' }
  const problems = Object.entries(expected).flatMap(([key, value]): Problem[] => {
    const found = manifest[key]
    if (found === value) return []
    const fix = `Write "${key}": "${value}" into ${folder}/package.json.`
    return [{ what: `${key} in package.json is ${JSON.stringify(found)}.`, fix }]
  })
  const files = (manifest['files'] ?? []) as readonly string[]
  const left = ['dist', 'src', 'README.md'].filter((name) => !files.includes(name))
  if (left.length > 0) {
    const fix = `Write "files": ["dist", "src", "README.md"] into ${folder}/package.json.`
    problems.push({ what: `package.json publishes no ${left.join(', ')}.`, fix })
  }
  return problems
}

/** The README credits the idea, states the original's licence, and lists every deviation of `entry.json`. */
export async function checkReadme(entryPackage: EntryPackage): Promise<Problem[]> {
  const { root, id, folder } = entryPackage
  const readme = (await readText(root, join(folder, 'README.md'))) ?? ''
  const wanted: readonly [string, string][] = [
    [`# @couplet/${id}\n`, `Begin it with the line "# @couplet/${id}".`],
    [`npm install @couplet/${id}`, `Show how to install it: "npm install @couplet/${id} …".`],
    ['\n## Credit\n', 'Add a section "## Credit": who had the idea, with links, and what to cite.'],
    [
      'Licence of the original',
      'Say in the section "## Credit" under which licence the original is: "Licence of the original: …".',
    ],
  ]
  const problems = wanted
    .filter(([text]) => !readme.toLowerCase().includes(text.toLowerCase()))
    .map(([text, fix]) => ({ what: `${folder}/README.md has no "${text.trim()}".`, fix }))
  const flat = unwrapped(readme)
  for (const path of await entryFiles(entryPackage)) {
    const { deviations, originator } = (await readEntry(root, path)) ?? {}
    for (const deviation of deviations ?? []) {
      if (flat.includes(unwrapped(deviation))) continue
      const fix = `Add "- ${deviation}" to the section "## Deviations from the original", or take it out of ${path}.`
      problems.push({ what: 'a deviation of entry.json is missing in README.md.', fix })
    }
    for (const link of originator?.links ?? []) {
      if (readme.includes(link)) continue
      const fix = `Add it to the section "## Credit", or take it out of ${path}.`
      problems.push({ what: `the link ${link} of entry.json is missing in README.md.`, fix })
    }
  }
  return problems
}

/** The command line knows the entry. */
export async function checkRegistered({ root, id }: EntryPackage): Promise<Problem[]> {
  const name = `@couplet/${id}`
  const places = {
    'apps/cli/src/entries.ts': `Import the model from '${name}' there and add it to ENTRIES.`,
    'apps/cli/package.json': `Add "${name}": "workspace:^" to its dependencies, then run npx pnpm@12.21.0 install.`,
  }
  const problems: Problem[] = []
  for (const [path, fix] of Object.entries(places)) {
    const text = (await readText(root, path)) ?? ''
    if (text.includes(`'${name}'`) || text.includes(`"${name}"`)) continue
    problems.push({ what: `${path} does not name ${name}.`, fix })
  }
  return problems
}

/** Paths of the package's `entry.json` files from the root; several where a package holds several entries. */
async function entryFiles({ root, folder }: EntryPackage): Promise<string[]> {
  const all = await readdir(join(root, folder, 'src'), { recursive: true }).catch(() => [])
  return all
    .filter((name) => /(^|[\\/])entry\.json$/.test(name))
    .map((name) => join(folder, 'src', name))
}

async function readEntry(root: string, path: string): Promise<Partial<Entry> | undefined> {
  return parsed((await readText(root, path)) ?? '')
}

async function manifestOf({ root, folder }: EntryPackage): Promise<Record<string, unknown>> {
  return parsed((await readText(root, join(folder, 'package.json'))) ?? '') ?? {}
}

/** Nothing where the text is no JSON. */
function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}

/** With single spaces instead of line breaks, and without marks of code. */
function unwrapped(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('`', '')
}
