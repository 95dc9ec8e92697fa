import { EigenvalueDecomposition } from 'ml-matrix'
import type { OpenMolecule } from './openMolecules.ts'

type Vector = readonly [number, number, number]

/** Pixels per angstrom, and around the drawing. */
const SCALE = 46
const MARGIN = 26
const RADII: Readonly<Record<string, number>> = { H: 9 }

/** How far a label reaches from the middle of its atom, in pixels. */
const LABEL = 7
/** Degrees about the two axes of the drawing by which a molecule is tried tilted, the least first. */
const TILTS = [0, 15, -15, 25, -25, 35, -35]

/**
 * A molecule seen nearly along the axis in which it is thinnest, tilted where atoms would hide others, as SVG text: circles with class `atom` and `data-atom`, lines with class `bond`, nearest
 * last. The group `pair` is empty: scripts draw a coupling into it.
 */
export function drawMolecule({
  name,
  formula,
  symbols,
  positions,
  bonds,
}: Pick<OpenMolecule, 'name' | 'formula' | 'symbols' | 'positions' | 'bonds'>): string {
  const radii = symbols.map(radiusOf)
  const flat = tiltApart(projectFlat(positions), radii)
  const xs = flat.map(([x]) => x)
  const ys = flat.map(([, y]) => y)
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  const width = Math.round((Math.max(...xs) - left) * SCALE + 2 * MARGIN)
  const height = Math.round((Math.max(...ys) - top) * SCALE + 2 * MARGIN)
  const place = ([x, y]: Vector): [number, number] => [
    Math.round((x - left) * SCALE + MARGIN),
    Math.round((y - top) * SCALE + MARGIN),
  ]
  const lines = bonds.map(([a, b]) => {
    const [[x1, y1], [x2, y2]] = [place(flat[a]!), place(flat[b]!)]
    return `<path class="bond" d="M${x1} ${y1}L${x2} ${y2}"/>`
  })
  const order = [...symbols.keys()].toSorted((a, b) => flat[a]![2] - flat[b]![2])
  const atoms = order.map((atom) => {
    const [x, y] = place(flat[atom]!)
    const symbol = symbols[atom]!
    return (
      `<g class="atom ${symbol}" data-atom="${atom}" data-x="${x}" data-y="${y}"><circle cx="${x}" cy="${y}" r="${radii[atom]}"/>` +
      `<text x="${x}" y="${y}">${symbol}<tspan>${atom + 1}</tspan></text></g>`
    )
  })
  return (
    `<svg class="molecule" role="img" aria-label="Structure of ${name}, ${formula}, atoms numbered" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `${lines.join('')}<g class="pair"></g>${atoms.join('')}</svg>`
  )
}

function radiusOf(symbol: string): number {
  return RADII[symbol] ?? 13
}

/** The tilt that covers the fewest labels, and of several such that which leaves the largest gap between two atoms. */
function tiltApart(positions: readonly Vector[], radii: readonly number[]): Vector[] {
  const views = TILTS.flatMap((about) => TILTS.map((across) => tilt(positions, about, across)))
  const judged = views.map((view) => ({ view, ...overlap(view, radii) }))
  const [first, ...others] = judged
  return others.reduce(
    (best, one) =>
      one.covered < best.covered || (one.covered === best.covered && one.gap > best.gap)
        ? one
        : best,
    first!,
  ).view
}

function tilt(positions: readonly Vector[], degreesX: number, degreesY: number): Vector[] {
  const [a, b] = [(degreesX * Math.PI) / 180, (degreesY * Math.PI) / 180]
  return positions.map(([x, y, z]) => {
    const depth = y * Math.sin(a) + z * Math.cos(a)
    return [
      x * Math.cos(b) + depth * Math.sin(b),
      y * Math.cos(a) - z * Math.sin(a),
      depth * Math.cos(b) - x * Math.sin(b),
    ]
  })
}

/** How many labels lie below an atom that is nearer, and the least gap between two circles in pixels, negative where they overlap. */
function overlap(
  view: readonly Vector[],
  radii: readonly number[],
): { covered: number; gap: number } {
  let [covered, gap] = [0, Infinity]
  for (const [i, [x, y, z]] of view.entries()) {
    for (let j = 0; j < i; j++) {
      const [otherX, otherY, otherZ] = view[j]!
      const distance = SCALE * Math.hypot(x - otherX, y - otherY)
      gap = Math.min(gap, distance - radii[i]! - radii[j]!)
      if (distance < radii[z > otherZ ? i : j]! + LABEL) covered++
    }
  }
  return { covered, gap }
}

/** Coordinates along the principal axes, the thinnest last. */
function projectFlat(positions: OpenMolecule['positions']): Vector[] {
  const centre = [0, 1, 2].map(
    (axis) => positions.reduce((sum, position) => sum + position[axis]!, 0) / positions.length,
  )
  const centred = positions.map((position) => position.map((value, axis) => value - centre[axis]!))
  const spread = [0, 1, 2].map((a) =>
    [0, 1, 2].map((b) => centred.reduce((sum, position) => sum + position[a]! * position[b]!, 0)),
  )
  const { eigenvectorMatrix } = new EigenvalueDecomposition(spread, { assumeSymmetric: true })
  // Eigenvalues ascend: the axis of the least spread comes first.
  const axes = [2, 1, 0].map((column) => eigenvectorMatrix.getColumn(column))
  return centred.map((position) => {
    const along = (axis: readonly number[]): number =>
      axis.reduce((sum, part, index) => sum + part * position[index]!, 0)
    return [along(axes[0]!), along(axes[1]!), along(axes[2]!)]
  })
}
