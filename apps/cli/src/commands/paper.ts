import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Command, Option } from 'commander'
import { jsonOption, LAST_PORT, wholeNumber } from '../options.ts'
import { withProgress } from '../ProgressLine.ts'
import { PROJECT_DIRECTORY, requireCheckout } from '../results.ts'
import { UsageError } from '../UsageError.ts'

/** What `paper/build.ts` offers; it is no package that this one could depend on. */
interface PaperModule {
  readonly GENERATED: string
  readonly buildPaper: (onProgress: (share: number, next: string) => void) => Promise<{
    readonly pages: number
    readonly files: readonly string[]
    readonly missing: readonly string[]
  }>
  readonly listKeys: () => Promise<ReadonlyMap<string, string>>
}

interface PaperCall {
  readonly preview?: boolean
  readonly port: number
  readonly keys?: boolean
  readonly json?: boolean
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.pdf': 'application/pdf',
  '.xml': 'application/xml',
  '.svg': 'image/svg+xml',
}

/** `couplet paper`: the joint paper from the committed results. */
export function paperCommand(): Command {
  return new Command('paper')
    .description('Build the joint paper from the committed results: HTML, PDF, LaTeX and JATS.')
    .option('--preview', 'show the paper that was built last, until Ctrl-C')
    .addOption(
      new Option('--port <n>', 'port of --preview')
        .argParser(wholeNumber(1, LAST_PORT))
        .default(4400),
    )
    .option('--keys', 'build nothing; list the keys of all numbers that the text may state')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  couplet paper
  couplet paper --preview

Works in a checkout of the project, and writes paper/generated. A number without a key, a claim that the results do not
bear out, an unresolved citation or reference ends it with the line in paper/paper.md and what to do.`,
    )
    .action((call: PaperCall) => paper(call))
}

async function paper({ preview, port, keys, json }: PaperCall): Promise<void> {
  await requireCheckout()
  const build = pathToFileURL(join(PROJECT_DIRECTORY, 'paper', 'build.ts')).href
  const { buildPaper, GENERATED, listKeys } = (await import(build)) as PaperModule
  if (keys) {
    const listed = await listKeys()
    if (json) console.log(JSON.stringify(Object.fromEntries(listed)))
    else for (const [key, value] of listed) console.log(`${key}  ${value}`)
    return
  }
  if (preview) {
    if (!existsSync(join(GENERATED, 'paper.html'))) {
      throw new UsageError('there is no paper to show yet. Build it first: couplet paper')
    }
    return serve(GENERATED, port)
  }
  const started = performance.now()
  const { pages, files, missing } = await withProgress(
    'paper',
    (line) => buildPaper((share, next) => line.update(share, next)),
    ({ pages: built }) => `${built} pages`,
  )
  const seconds = (performance.now() - started) / 1000
  if (json) console.log(JSON.stringify({ folder: GENERATED, pages, files, missing, seconds }))
  else {
    console.log(`${GENERATED}: ${files.join(', ')}`)
    console.log(`${pages} pages, built in ${seconds.toFixed(1)} s.`)
    if (missing.length > 0) console.log(`A draft. Not run yet: ${missing.join(', ')}.`)
  }
}

/** Serves a folder to this machine alone, until Ctrl-C. */
async function serve(folder: string, port: number): Promise<void> {
  const server = createServer((request, response) => {
    const name = fileName(request.url ?? '/')
    const path = join(folder, name)
    // What climbs out of the folder is as little there as what is not in it.
    const content = path.startsWith(folder + sep) ? readFile(path) : Promise.reject(new Error(name))
    content.then(
      (bytes) => {
        const type = MEDIA_TYPES[extname(path)] ?? 'application/octet-stream'
        response.writeHead(200, { 'content-type': type }).end(bytes)
      },
      () => response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such file.'),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ message }) => {
      const advice = `Give another port: --port ${port + 1}.`
      reject(new UsageError(`nothing can be served at port ${port} (${message}). ${advice}`))
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  console.log(`http://127.0.0.1:${port}/ until Ctrl-C`)
}

/** The file that an address asks for; an address that is none asks for nothing that is there. */
function fileName(address: string): string {
  try {
    return decodeURIComponent(address.split('?')[0]!.slice(1)) || 'paper.html'
  } catch {
    return ''
  }
}
