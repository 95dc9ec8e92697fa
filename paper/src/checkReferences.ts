import { PaperError } from './PaperError.ts'
import { rewrite, type Citation, type Document } from './syntax.ts'

/**
 * Every entry of the bibliography is cited, by the text in whatever branch of a condition, or by a table.
 * @param documents the text as it was written, and with its tables filled in.
 * @throws PaperError for the first entry that is not.
 */
export function checkReferences(documents: readonly Document[], references: string): void {
  const cited = new Set<string>()
  for (const { blocks } of documents) {
    rewrite(blocks, (node) => {
      if (node.t === 'Cite') {
        for (const { citationId } of (node.c as [Citation[]])[0]) cited.add(citationId)
      }
      return undefined
    })
  }
  const idle = Array.from(references.matchAll(/^@\w+\{([^,\s]+),/gm), ([, key]) => key!).find(
    (key) => !cited.has(key),
  )
  if (idle !== undefined) {
    throw new PaperError(`references.bib: nothing cites ${idle}. Remove it, or cite [@${idle}].`)
  }
}
