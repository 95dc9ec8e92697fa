import { cp, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, extname, join, relative } from 'node:path'
import { writeAtomically } from '@couplet/data/node'
import type { Entry } from '@couplet/model'
import { ENTRIES_FOLDER, entryFolders, readText } from './entryPackage.ts'
import { newReadme } from './newReadme.ts'
import { runInCheckout } from './runInCheckout.ts'
import { UsageError } from './UsageError.ts'

/** The entry that is copied: the smallest network. */
export const TEMPLATE = 'mpnn'

/** Where an entry is registered, and its package listed. */
const REGISTER = join('apps', 'cli', 'src', 'entries.ts')
const DEPENDENCIES = join('apps', 'cli', 'package.json')
const PROJECT_README = 'README.md'

/** Words that cannot name a variable. */
const RESERVED = new Set(
  'await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield'.split(
    ' ',
  ),
)

/**
 * Makes the package of a new entry: a copy of {@link TEMPLATE} under another name, registered with the command line and with a changeset. What
 * it says about itself is true of the copy, and asks to be rewritten.
 * @param root of the checkout.
 * @param id name of the architecture, `words-with-hyphens`.
 * @returns paths of what was made or changed, from the root.
 * @throws UsageError if the name cannot be used; nothing is written then.
 */
export async function createEntry(root: string, id: string): Promise<string[]> {
  await checkName(root, id)
  const folder = join(ENTRIES_FOLDER, id)
  const register = registered(await required(root, REGISTER), id)
  const manifest = withDependency(await required(root, DEPENDENCIES), id)
  const projectReadme = listed(await required(root, PROJECT_README), id)
  // Beside the others while it is written, so that it appears whole or not at all.
  const staging = await mkdtemp(join(root, ENTRIES_FOLDER, '.new-'))
  try {
    await cp(join(root, ENTRIES_FOLDER, TEMPLATE), staging, { recursive: true, filter: isCopied })
    const entry = parse((await readText(staging, join('src', 'entry.json')))!) as Entry
    for (const path of await filesBelow(staging)) {
      const text = (await readText(staging, path))!
      await writeAtomically(join(staging, path), [renamed(path, text, id, entry.originator.links)])
    }
    await rename(staging, join(root, folder))
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    throw error
  }
  const changeset = join('.changeset', `${id}.md`)
  const changes = {
    [REGISTER]: register,
    [DEPENDENCIES]: manifest,
    [PROJECT_README]: projectReadme,
    [changeset]: `---\n'@couplet/${id}': minor\n'couplet': minor\n---\n\nA new entry, \`${id}\`.\n`,
  }
  for (const [path, text] of Object.entries(changes)) {
    await writeAtomically(join(root, path), [text])
  }
  // The new name is longer or shorter than the old. Without oxfmt, `couplet check` tells the same.
  await runInCheckout(root, ['oxfmt', folder, DEPENDENCIES])
  return [folder, ...Object.keys(changes)]
}

/** The name of an entry as a variable: `my-network` is `myNetwork`. */
export function camelCase(id: string): string {
  return id.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

async function checkName(root: string, id: string): Promise<void> {
  const refuse = (why: string): never => {
    throw new UsageError(
      `${id} cannot name a new entry: ${why}. Name it after its architecture in small letters, for example gated-graph-network.`,
    )
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) refuse('it is not made of words joined by hyphens')
  if (id.length > 40) refuse('it is longer than 40 letters')
  if ((await entryFolders(root)).includes(id)) refuse('there is a package of this name')
  const name = camelCase(id)
  const used = new RegExp(String.raw`\b${name}\b`).test(await required(root, REGISTER))
  if (RESERVED.has(name) || used) refuse(`${name} has another meaning in the code`)
}

async function required(root: string, path: string): Promise<string> {
  const text = await readText(root, path)
  if (text !== undefined) return text
  throw new UsageError(`${path} is missing. Call this in a whole checkout of the project.`)
}

/** Neither what is installed or built for the template, nor what tools keep, nor the test that computes the template's equations by hand. */
function isCopied(path: string): boolean {
  const name = basename(path)
  return !['node_modules', 'dist', '.turbo', 'forward.test.ts'].includes(name)
}

async function filesBelow(folder: string): Promise<string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true })
  return all
    .filter((item) => item.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
}

/** A file of the template as a file of the new entry. */
function renamed(path: string, text: string, id: string, links: readonly string[]): string {
  const name = camelCase(id)
  if (path === 'README.md') return newReadme(id, name, TEMPLATE, links)
  if (path === 'package.json') {
    const description = `${titleOf(id)}: a copy of @couplet/${TEMPLATE} to start from`
    return format({ ...parse(text), name: `@couplet/${id}`, version: '0.0.0', description })
  }
  if (basename(path) === 'entry.json') return format(renamedEntry(parse(text) as Entry, id))
  if (extname(path) !== '.ts') return text
  return text
    .replaceAll(/\/\*\* The public starter network of[^*]*\*\//g, `/** ${titleOf(id)}. */`)
    .replaceAll('MpnnConfig', `${name[0]!.toUpperCase()}${name.slice(1)}Config`)
    .replaceAll(/\bmpnn\b/g, name)
}

/** True of the copy: whoever changes the network rewrites it. */
function renamedEntry(template: Entry, id: string): Entry {
  return {
    ...template,
    id,
    name: titleOf(id),
    summary: `A copy of ${TEMPLATE} to start from. ${template.summary}`,
    version: '0.0.0',
    deviations: [`It is still the network of ${TEMPLATE}, from which it was copied.`],
  }
}

/** The list of entries with one more. */
function registered(text: string, id: string): string {
  const name = camelCase(id)
  const list = text.indexOf('export const ENTRIES')
  const end = text.indexOf('\n]', list)
  const imports = text.lastIndexOf('\nimport { UsageError }', list)
  if (list < 0 || end < 0 || imports < 0) {
    throw new UsageError(`${REGISTER} has another form than expected. Add the entry by hand.`)
  }
  return `${text.slice(0, imports)}\nimport { ${name} } from '@couplet/${id}'${text.slice(imports, end)}\n  ${name},${text.slice(end)}`
}

function withDependency(text: string, id: string): string {
  const manifest = parse(text) as { dependencies: Record<string, string> }
  const dependencies = { ...manifest.dependencies, [`@couplet/${id}`]: 'workspace:^' }
  const sorted = Object.entries(dependencies).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return format({ ...manifest, dependencies: Object.fromEntries(sorted) })
}

/** The README's table of packages with one more, before the command line. */
function listed(text: string, id: string): string {
  const row = `| [\`@couplet/${id}\`](packages/entries/${id}) | ${titleOf(id)}; a copy of \`${TEMPLATE}\` to start from |\n`
  return text.replace(/^\| \[`couplet`\]/m, (found) => row + found)
}

/** `my-network` is "My network". */
function titleOf(id: string): string {
  return `${id[0]!.toUpperCase()}${id.slice(1)}`.replaceAll('-', ' ')
}

function parse(text: string): object {
  return JSON.parse(text) as object
}

/** As oxfmt writes it where lists are short. */
function format(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
