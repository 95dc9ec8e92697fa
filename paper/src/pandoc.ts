import { convert } from 'pandoc-wasm'
import { PaperError } from './PaperError.ts'
import type { Document } from './syntax.ts'

/** Warnings that say nothing about the paper. */
const HARMLESS = new Set(['LoadedResource'])

/** Options as in pandoc's defaults files: https://pandoc.org/MANUAL.html#defaults-files. */
type PandocOptions = Readonly<Record<string, unknown>>

/**
 * Runs pandoc. It sees no disk: `files` holds what it may read, by name.
 * @throws PaperError for whatever pandoc warns of, an unresolved citation for example.
 */
async function runPandoc(
  input: string,
  options: PandocOptions,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout, stderr, warnings } = await convert(options, input, files)
  const problems = warnings
    .filter(({ type }) => !HARMLESS.has(type))
    .map(({ type, pretty, ...rest }) => pretty ?? `${type} ${JSON.stringify(rest)}`)
  if (stderr !== '' || problems.length > 0) {
    throw new PaperError(`pandoc: ${[stderr, ...problems].filter(Boolean).join('; ')}`)
  }
  return stdout
}

/** Reads Markdown. `tex_math_dollars` and citations are on; quotes and dashes are typographic. */
export async function readMarkdown(source: string): Promise<Document> {
  const json = await runPandoc(source, { from: 'markdown', to: 'json' })
  return JSON.parse(json) as Document
}

/** Resolves citations and appends the references. */
export async function resolveCitations(
  document: Document,
  references: string,
  style: string,
): Promise<Document> {
  const options = {
    from: 'json',
    to: 'json',
    citeproc: true,
    bibliography: ['references.bib'],
    csl: 'style.csl',
    metadata: { 'link-citations': true },
  }
  const files = { 'references.bib': references, 'style.csl': style }
  return JSON.parse(await runPandoc(JSON.stringify(document), options, files)) as Document
}

/** Writes a document in a format of pandoc. */
export function writeDocument(
  document: Document,
  options: PandocOptions,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  return runPandoc(JSON.stringify(document), { from: 'json', standalone: true, ...options }, files)
}
