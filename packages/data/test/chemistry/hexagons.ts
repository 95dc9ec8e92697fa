import type { TestMolecule } from '../testMolecules.ts'

/**
 * A flat hydrocarbon of regular hexagons with sides of 1.4 angstrom, all carbons first.
 * @param cells hexagons by their coordinates along two axes at 60 degrees; neighbours differ by (1, 0), (0, 1) or (1, -1).
 */
export function hexagons(
  name: string,
  cells: readonly (readonly [number, number])[],
): TestMolecule {
  const side = 1.4
  const carbons = new Map<string, [number, number]>()
  for (const [a, b] of cells) {
    const centre = [side * Math.sqrt(3) * (a + b / 2), side * 1.5 * b] as const
    for (let corner = 0; corner < 6; corner += 1) {
      const angle = ((corner + 0.5) * Math.PI) / 3
      const point: [number, number] = [
        centre[0] + side * Math.cos(angle),
        centre[1] + side * Math.sin(angle),
      ]
      carbons.set(point.map((x) => (Math.round(x * 100) + 0).toString()).join(), point)
    }
  }
  const points = [...carbons.values()]
  const hydrogens = points.flatMap((point) => {
    const near = points.filter((other) => other !== point && separation(point, other) < 1.5)
    if (near.length > 2) return []
    const away = [0, 1].map((axis) => near.reduce((sum, one) => sum + point[axis]! - one[axis]!, 0))
    const scale = 1.09 / Math.hypot(away[0]!, away[1]!)
    return [[point[0] + scale * away[0]!, point[1] + scale * away[1]!] as const]
  })
  return {
    name,
    atomicNumbers: Uint8Array.from([...points.map(() => 6), ...hydrogens.map(() => 1)]),
    positions: Float32Array.from([...points, ...hydrogens].flatMap(([x, y]) => [x, y, 0])),
  }
}

const separation = (one: readonly number[], other: readonly number[]): number =>
  Math.hypot(one[0]! - other[0]!, one[1]! - other[1]!)
