/** How a map of entries is drawn. */
export interface MapFrame {
  /** Ends of the axes. Both have one scale, or distances would not be what they are. */
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
  /**
   * Where labels stand, to be written to the right, and the places in the list of points that each names: points that are too near
   * each other share one, at the rightmost of them.
   */
  readonly labels: readonly {
    readonly x: number
    readonly y: number
    readonly places: readonly number[]
  }[]
}

/** Room around the points, as a share of their extent. */
const MARGIN = 0.16

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
  const labels: { x: number; y: number; places: number[] }[] = []
  for (const [place, { x, y }] of points.entries()) {
    const near = labels.find((label) => Math.hypot(label.x - x, label.y - y) < nearness * side)
    if (near) {
      near.places.push(place)
      near.x = Math.max(near.x, x)
    } else labels.push({ x, y, places: [place] })
  }
  return { x: around(xs), y: around(ys), labels }
}
