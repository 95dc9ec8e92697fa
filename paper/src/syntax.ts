/**
 * The part of pandoc's document tree that is built or taken apart here: https://hackage.haskell.org/package/pandoc-types.
 * Nodes of other kinds pass through unseen.
 */

/** Identifier, classes and pairs of key and value. */
export type Attributes = [string, string[], [string, string][]]

/** One citation within a {@link Inline} of the kind `Cite`. */
export interface Citation {
  citationId: string
  [key: string]: unknown
}

/** A piece of running text, or a block: `t` is its kind, `c` its contents. */
export interface Node {
  t: string
  c?: unknown
}

/** A piece of running text. */
export type Inline = Node

/** A paragraph, list, table, figure or the like. */
export type Block = Node

/** A whole document. */
export interface Document {
  'pandoc-api-version': number[]
  meta: Record<string, unknown>
  blocks: Block[]
}

/** Attributes with an identifier and nothing else. */
export const attributes = (id = '', classes: string[] = []): Attributes => [id, classes, []]

/** Words as text, with the spaces between them as such. */
export function text(value: string): Inline[] {
  return value
    .split(/( +)/)
    .filter((word) => word !== '')
    .map((word) => (word.trim() === '' ? { t: 'Space' } : { t: 'Str', c: word }))
}

/** Something for one output format alone. */
export const raw = (format: string, value: string): Inline => ({
  t: 'RawInline',
  c: [format, value],
})

/** The words of a node, without markup. */
export function plainText(node: unknown): string {
  if (Array.isArray(node)) return node.map(plainText).join('')
  if (typeof node !== 'object' || node === null) return ''
  const { t, c } = node as Node
  if (t === 'Str') return c as string
  if (t === 'Space' || t === 'SoftBreak') return ' '
  if (t === 'Math' || t === 'Code') return (c as [unknown, string])[1]
  if (t === 'Cite') return plainText((c as [unknown, Inline[]])[1])
  return c === undefined ? '' : plainText(c)
}

/** Whether a value of the tree is a node. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 't' in value
}

/** What takes the place of a node: nothing, one or several; undefined leaves it, and what is in it is visited. */
export type Visit = (node: Node) => readonly Node[] | undefined

/** Walks the whole tree and replaces nodes in lists; what replaces a node is not visited again. */
export function rewrite<T>(value: T, visit: Visit): T {
  if (Array.isArray(value)) {
    return (value as unknown[]).flatMap((item): readonly unknown[] => {
      if (!isNode(item)) return [rewrite(item, visit)]
      return visit(item) ?? [rewrite(item, visit)]
    }) as T
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => [key, rewrite(inner, visit)])
    return Object.fromEntries(entries) as T
  }
  return value
}
