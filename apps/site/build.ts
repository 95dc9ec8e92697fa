/**
 * Builds the site into `dist`, or into the folder that is named: pages by Astro, the search index by pagefind, then checks what was promised to readers. Exit code 1 where a page is too
 * large or a link leads nowhere.
 */
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'astro'
import { close, createIndex } from 'pagefind'

const ROOT = fileURLToPath(new URL('.', import.meta.url))
const DIST = resolve(process.argv[2] ?? join(ROOT, 'dist'))
/** Most bytes of HTML of a page, and of script on the front page. */
const PAGE_LIMIT = 100_000
const SCRIPT_LIMIT = 200_000

process.env['ASTRO_TELEMETRY_DISABLED'] = '1'
// Sources look for the project from here.
process.chdir(ROOT)
const started = performance.now()
await build({ root: ROOT, outDir: DIST, logLevel: 'error' })
await indexPages()
const documentation = join(ROOT, '..', '..', 'docs', 'out')
if (existsSync(documentation)) cpSync(documentation, join(DIST, 'docs'), { recursive: true })

const pages = readdirSync(DIST, { recursive: true, encoding: 'utf8' })
  // The API documentation and the paper are made elsewhere.
  .filter((file) => file.endsWith('.html') && !/^(docs|paper)[/\\](?!index)/.test(file))
  .map((file) => join(DIST, file))
const sizes = pages.map((page) => statSync(page).size)
const script = frontPageScript()
const problems = [
  ...pages
    .filter((_, index) => sizes[index]! > PAGE_LIMIT)
    .map((page) => `${nameOf(page)} is larger than ${PAGE_LIMIT / 1000} kB. Split it.`),
  ...(script > SCRIPT_LIMIT
    ? [`the front page loads ${script} bytes of script; ${SCRIPT_LIMIT} are allowed.`]
    : []),
  ...deadLinks(),
]
for (const problem of problems.slice(0, 20)) console.error(`[site] ${problem}`)
console.log(
  `${pages.length} pages in ${((performance.now() - started) / 1000).toFixed(1)} s, the largest ${(Math.max(...sizes) / 1000).toFixed(0)} kB; ` +
    `script of the front page ${(script / 1000).toFixed(1)} kB.`,
)
process.exitCode = problems.length > 0 ? 1 : 0

async function indexPages(): Promise<void> {
  const { index } = await createIndex({})
  if (!index) throw new Error('[site] pagefind made no index. Reinstall the packages.')
  await index.addDirectory({ path: DIST })
  await index.writeFiles({ outputPath: join(DIST, 'pagefind') })
  await close()
}

function frontPageScript(): number {
  const html = readFileSync(join(DIST, 'index.html'), 'utf8')
  const inline = [...html.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map(
    ([, text]) => text!.length,
  )
  const files = [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"/g)].map(
    ([, address]) => statSync(fileOf(address!)).size,
  )
  return [...inline, ...files].reduce((sum, size) => sum + size, 0)
}

/** Links within the site whose page or file is not there. */
function deadLinks(): string[] {
  const dead = new Map<string, string>()
  for (const page of pages) {
    for (const [, address] of readFileSync(page, 'utf8').matchAll(/\s(?:href|src)="(\/[^"#?]*)/g)) {
      if (dead.has(address!)) continue
      if (!statSync(fileOf(address!), { throwIfNoEntry: false })?.isFile()) {
        dead.set(address!, nameOf(page))
      }
    }
  }
  return [...dead].map(([address, page]) => `${page} links to ${address}, which is not there.`)
}

/** File that a server sends for an address of the site. */
function fileOf(address: string): string {
  const base = new URL(process.env['COUPLET_SITE_URL'] ?? 'http://localhost/').pathname
  const path = decodeURI(address).slice(base.length)
  return join(DIST, path === '' || path.endsWith('/') ? join(path, 'index.html') : path)
}

function nameOf(page: string): string {
  return relative(DIST, page)
}
