import type { Evidence } from './Evidence.ts'
import { PaperError } from './PaperError.ts'
import type { Source } from './Source.ts'
import { isNode, rewrite, type Attributes, type Block, type Document, type Node } from './syntax.ts'
import type { Claim, Verdict } from './Verdict.ts'

/** How text hangs on a claim: stated, its neutral variant, or shown only where it holds or does not. */
const KINDS = ['claim', 'open', 'when', 'unless'] as const

/**
 * Leaves the text that the results support. `[…]{claim=id}` is stated where the claim holds, left out where it is open, and
 * an error where it fails; `{open=id}` stands only while it is open, `{when=id}` and `{unless=id}` where it holds or does not.
 * Sections in `::: {when=id}` work alike.
 *
 * @throws PaperError for a claim that fails or that nobody knows, and for a bracket with a space at one of its ends, which reading drops.
 */
export function decideClaims(
  document: Document,
  source: Source,
  claims: Readonly<Record<string, Claim>>,
  evidence: Evidence,
): Document {
  const words = source.text.replaceAll(/\$+[^$]+\$+/g, '')
  const edge = /\[ [^\][]+|[^\][]+ \](?=\{)/.exec(words)?.[0]
  if (edge !== undefined) {
    throw source.error(
      edge,
      `the space at an end of \`${edge}\` would be lost. Write it outside the bracket.`,
    )
  }
  const verdicts = new Map<string, Verdict>()
  const judge = (id: string): Verdict => {
    const claim = Object.hasOwn(claims, id) ? claims[id] : undefined
    if (!claim) {
      throw source.error(`=${id}`, `there is no claim ${id}. Write its test into claims.ts.`)
    }
    const verdict = verdicts.get(id) ?? claim(evidence)
    verdicts.set(id, verdict)
    return verdict
  }
  const decide = <T>(part: T): T =>
    rewrite(part, (node) => {
      const condition = conditionOf(node)
      if (!condition) return undefined
      const { kind, id, contents } = condition
      const { verdict, because } = judge(id)
      if (kind === 'claim' && verdict === 'fails') {
        throw source.error(
          `{claim=${id}}`,
          `the claim ${id} does not hold any more: ${because}. Change the sentence and its test in claims.ts.`,
        )
      }
      const shown =
        kind === 'open' ? verdict === 'open' : (verdict === 'holds') === (kind !== 'unless')
      return shown ? decide(contents) : []
    })
  return decide(document)
}

/** The claims that text names. */
function claimsNamed(document: Document): Set<string> {
  const ids = new Set<string>()
  rewrite(document, (node) => {
    const condition = conditionOf(node)
    if (condition) ids.add(condition.id)
    return undefined
  })
  return ids
}

/** @throws PaperError for a claim that no text states. */
export function checkClaimsUsed(document: Document, claims: Readonly<Record<string, Claim>>): void {
  const named = claimsNamed(document)
  const idle = Object.keys(claims).find((id) => !named.has(id))
  if (idle !== undefined) {
    throw new PaperError(`claims.ts: no text states the claim ${idle}. Remove it, or state it.`)
  }
}

function conditionOf(
  node: Node,
): { kind: (typeof KINDS)[number]; id: string; contents: Block[] } | undefined {
  if (node.t !== 'Span' && node.t !== 'Div') return undefined
  const [[, , pairs], contents] = node.c as [Attributes, Block[]]
  for (const kind of KINDS) {
    const pair = pairs.find(([key]) => key === kind)
    if (pair) return { kind, id: pair[1], contents }
  }
  return undefined
}

/** Takes out what dropped text leaves: spaces at the ends, in a row and before punctuation, empty paragraphs. */
export function tidy(document: Document): Document {
  return rewrite(document, (node) => {
    if (!Array.isArray(node.c) || !['Para', 'Plain'].includes(node.t)) return undefined
    const inlines = (node.c as Node[]).filter(
      (inline, index, all) =>
        !isSpace(inline) ||
        (index > 0 && !isSpace(all[index - 1]!) && !isPunctuation(all[index + 1])),
    )
    while (inlines.length > 0 && isSpace(inlines.at(-1)!)) inlines.pop()
    return inlines.length === 0 ? [] : [{ t: node.t, c: inlines }]
  })
}

function isSpace(node: unknown): boolean {
  return isNode(node) && (node.t === 'Space' || node.t === 'SoftBreak')
}

function isPunctuation(node: unknown): boolean {
  return isNode(node) && node.t === 'Str' && /^[.,;:)]/.test(String(node.c))
}
