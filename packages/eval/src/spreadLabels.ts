/**
 * Places of labels beside the values that they name: at least a gap apart, and as near to the values as the order from the lowest
 * allows. Values closer than the gap are moved upwards, and then as little downwards as keeps the last one in its place.
 * @param values in rising order.
 */
export function spreadLabels(values: readonly number[], gap: number): number[] {
  const places: number[] = []
  for (const value of values) places.push(Math.max(value, (places.at(-1) ?? -Infinity) + gap))
  let highest = values.at(-1)!
  for (let index = places.length - 1; index >= 0; index--) {
    places[index] = Math.min(places[index]!, highest)
    highest = places[index]! - gap
  }
  return places
}
