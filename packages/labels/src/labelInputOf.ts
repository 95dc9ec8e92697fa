import type { LabelInput } from './LabelInput.ts'
import type { StartGeometry } from './startGeometry.ts'

/** A molecule to be labelled from a geometry that was built or read; six decimals are more than any of them is good for. */
export function labelInputOf(
  name: string,
  source: string,
  { elements, positions, bonds }: StartGeometry,
): LabelInput {
  const rounded = positions.map((point) => point.map((value) => Number(value.toFixed(6))))
  return { name, source, elements, positions: rounded, bonds }
}
