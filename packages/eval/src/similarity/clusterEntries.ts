import { agnes } from 'ml-hclust'

/** A tree of entries that err alike. */
export interface EntryTree {
  /** Indices of the entries as the leaves from left to right. */
  readonly order: readonly number[]
  /** Joined clusters, nearest first: 0 to n - 1 are entries, n + i is what merge i made. */
  readonly merges: readonly {
    readonly left: number
    readonly right: number
    readonly distance: number
  }[]
}

/** Complete-linkage clustering of entries on 1 - correlation. */
export function clusterEntries(correlation: readonly (readonly number[])[]): EntryTree {
  const count = correlation.length
  if (count === 1) return { order: [0], merges: [] }
  const distances = correlation.map((row) => row.map((value) => 1 - value))
  const root = agnes(distances, { method: 'complete', isDistanceMatrix: true })
  const nodes: (typeof root)[] = []
  root.traverse((node) => {
    if (!node.isLeaf) nodes.push(node)
  })
  nodes.sort((a, b) => a.height - b.height || a.size - b.size)
  const nameOf = (node: typeof root): number =>
    node.isLeaf ? node.index : count + nodes.indexOf(node)
  return {
    order: root.indices(),
    merges: nodes.map((node) => ({
      left: nameOf(node.children[0]!),
      right: nameOf(node.children[1]!),
      distance: node.height,
    })),
  }
}
