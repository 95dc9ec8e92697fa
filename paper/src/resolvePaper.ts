import { resolveReferences, type Labels } from './crossReferences.ts'
import { checkFacts } from './checkFacts.ts'
import { checkReferences } from './checkReferences.ts'
import { checkClaimsUsed, decideClaims, tidy } from './decideClaims.ts'
import type { Evidence } from './Evidence.ts'
import { fillIn, type Makers } from './fillIn.ts'
import { collectNumbers } from './numbers/collectNumbers.ts'
import { readMarkdown, resolveCitations } from './pandoc.ts'
import type { Source } from './Source.ts'
import type { Document } from './syntax.ts'
import { refuseTypedDigits } from './typedDigits.ts'
import type { Claim } from './Verdict.ts'

/** What a paper is made of. */
export interface PaperParts {
  readonly source: Source
  /** BibTeX. */
  readonly references: string
  /** Citation style, CSL. */
  readonly style: string
  readonly evidence: Evidence
  readonly claims: Readonly<Record<string, Claim>>
  readonly makers: Makers
}

/** A paper that says what the results bear out, before it is written in any format. */
export interface ResolvedPaper {
  readonly document: Document
  readonly labels: Labels
  /** SVG by name. */
  readonly figures: ReadonlyMap<string, string>
}

/**
 * Fills in, decides, numbers and cites.
 * @throws PaperError where the text and the results do not fit.
 */
export async function resolvePaper(parts: PaperParts): Promise<ResolvedPaper> {
  const { source, evidence, claims } = parts
  const written = await readMarkdown(source.text)
  refuseTypedDigits(written, source)
  checkClaimsUsed(written, claims)
  checkFacts(written, source, evidence.facts)
  const decided = tidy(decideClaims(written, source, claims, evidence))
  const filled = fillIn(decided, source, collectNumbers(evidence), evidence, parts.makers)
  checkReferences([written, filled.document], parts.references)
  const { document, labels } = resolveReferences(filled.document, source)
  const cited = await resolveCitations(document, parts.references, parts.style)
  return { document: cited, labels, figures: filled.figures }
}
