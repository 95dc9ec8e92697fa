/** How a map of entries is drawn. */
export interface MapFrame {
  /** Ends of the axes. Both have one scale, or distances would not be what they are. */
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
  /**
   * The labels, to be written to the right of where they stand: the places of points in their list, from 1. Points that are too near
   * each other share one, at the rightmost of them.
   */
  readonly labels: readonly {
    readonly x: number
    readonly y: number
    readonly text: string
  }[]
}

/** Room around the points, as a share of their extent. */
const MARGIN = 0.24

/**
 * The square that holds the points of a map, and its labels.
 * @param points of {@link mapEntries}, one or more.
 * @param nearness distance of points whose labels would cover each other, as a share of the square's side.
 */
export function frameMap(
  points: readonly { readonly x: number; readonly y: number }[],
  nearness: number,
): MapFrame {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const extent = (values: readonly number[]): number => Math.max(...values) - Math.min(...values)
  const side = (1 + MARGIN) * Math.max(extent(xs), extent(ys)) || 1
  const around = (values: readonly number[]): [number, number] => {
    const middle = (Math.min(...values) + Math.max(...values)) / 2
    return [middle - side / 2, middle + side / 2]
  }
  const labels: { x: number; y: number; text: string }[] = []
  for (const [index, { x, y }] of points.entries()) {
    const near = labels.find((label) => Math.hypot(label.x - x, label.y - y) < nearness * side)
    if (near) {
      near.text += `, ${index + 1}`
      near.x = Math.max(near.x, x)
    } else labels.push({ x, y, text: String(index + 1) })
  }
  return { x: around(xs), y: around(ys), labels }
}
