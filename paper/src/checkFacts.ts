import type { Facts } from './Fact.ts'
import { PaperError } from './PaperError.ts'
import type { Source } from './Source.ts'
import { rewrite, type Citation, type Document, type Node } from './syntax.ts'

/**
 * Every fact of others stands in a section that cites its source, and every fact is used.
 * @throws PaperError for the first that does not, or is not.
 */
export function checkFacts(document: Document, source: Source, facts: Facts): void {
  const used = new Set<string>()
  for (const section of sectionsOf(document)) {
    const { keys, cited } = contentsOf(section)
    for (const key of keys) {
      const fact = Object.hasOwn(facts, key) ? facts[key] : undefined
      if (!fact) continue // unknown keys are refused where they are filled in
      used.add(key)
      if (cited.has(fact.source)) continue
      throw source.error(
        `{{fact.${key}}}`,
        `the fact ${key} was read in ${fact.source}, which its section does not cite. Cite [@${fact.source}].`,
      )
    }
  }
  // The table of architectures shows the published sizes.
  const idle = Object.keys(facts).find((key) => !used.has(key) && !key.endsWith('.parameters'))
  if (idle !== undefined) {
    throw new PaperError(`facts.json: no text uses ${idle}. Remove it, or use {{fact.${idle}}}.`)
  }
}

/** The blocks between headings; sections in conditional `Div`s belong to the section around them. */
function sectionsOf({ blocks }: Document): Node[][] {
  const sections: Node[][] = [[]]
  for (const block of blocks) {
    if (block.t === 'Header') sections.push([])
    sections.at(-1)!.push(block)
  }
  return sections
}

function contentsOf(section: readonly Node[]): { keys: Set<string>; cited: Set<string> } {
  const keys = new Set<string>()
  const cited = new Set<string>()
  rewrite(section, (node) => {
    if (node.t === 'Str') {
      for (const [, key] of (node.c as string).matchAll(/\{\{fact\.([^}|]*)/g)) keys.add(key!)
    }
    if (node.t === 'Cite') {
      for (const { citationId } of (node.c as [Citation[]])[0]) cited.add(citationId)
    }
    return undefined
  })
  return { keys, cited }
}
