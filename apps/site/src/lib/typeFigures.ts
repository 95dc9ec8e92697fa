import type { CouplingType } from '@couplet/data'
import * as Plot from '@observablehq/plot'
import { drawPlot } from './drawPlot.ts'
import { entryOf } from './entries.ts'
import { type ErrorLine, type ErrorLines, plotErrorLines } from './errorLines.ts'
import type { OpenData, OpenPair } from './openMolecules.ts'

/** Bins with fewer couplings say nothing about an entry. */
const LEAST_PAIRS = 10
/** More lines than these would cover each other, unless a reader asks for them. */
export const MOST_ENTRIES = 6

/** Couplings of one type, by what geometry decides them: dihedral angle through three bonds, else distance. */
export function drawCouplings(type: CouplingType, pairs: readonly OpenPair[]): string {
  const { x, label, domain } = axisOf(type)
  const points = pairs.flatMap((pair) => {
    const value = x(pair)
    return value === undefined ? [] : [{ x: value, y: pair.coupling }]
  })
  return drawPlot(`Couplings of type ${type} in hertz over the ${label}`, {
    x: { label, ...(domain && { domain }) },
    y: { label: 'coupling (Hz)', grid: true },
    opacity: { type: 'sqrt', range: [0.15, 1] },
    marks: [
      Plot.rect(points, {
        ...Plot.bin(
          { fillOpacity: 'count' },
          {
            x: { value: 'x', thresholds: 36, ...(domain && { domain }) },
            y: { value: 'y', thresholds: 32 },
          },
        ),
        inset: 0.5,
        fill: 'var(--c0)',
      }),
      Plot.frame({ stroke: 'var(--rule)' }),
    ],
  })
}

/** How the couplings of one type are distributed. */
export function drawDistribution(type: CouplingType, pairs: readonly OpenPair[]): string {
  return drawPlot(`How many couplings of type ${type} have which size`, {
    height: 220,
    x: { label: 'coupling (Hz)' },
    y: { label: 'couplings', grid: true },
    marks: [
      Plot.rectY(pairs, {
        ...Plot.binX({ y: 'count' }, { x: 'coupling', thresholds: 40 }),
        fill: 'var(--c0)',
      }),
      Plot.ruleY([0]),
    ],
  })
}

/** Mean absolute error of every entry that publishes predictions over dihedral angle or distance. */
export function errorLines(
  type: CouplingType,
  pairs: readonly OpenPair[],
  predictions: OpenData['predictions'],
): ErrorLines {
  const { x, label, bin, domain } = axisOf(type)
  const binOf = (place: number): number => {
    // The end of the axis belongs to the last bin.
    const index = Math.floor(place / bin)
    return domain && place >= domain[1] ? index - 1 : index
  }
  const lines = [...predictions].map(([entry, values]): ErrorLine => {
    const sums = new Map<number, { sum: number; count: number }>()
    for (const pair of pairs) {
      const place = x(pair)
      const error = Math.abs(values[pair.index]! - pair.coupling)
      if (place === undefined || Number.isNaN(error)) continue
      const { sum, count } = sums.get(binOf(place)) ?? { sum: 0, count: 0 }
      sums.set(binOf(place), { sum: sum + error, count: count + 1 })
    }
    return {
      entry,
      name: entryOf(entry)?.name ?? entry,
      points: [...sums]
        .filter(([, { count }]) => count >= LEAST_PAIRS)
        .toSorted(([a], [b]) => a - b)
        .map(([index, { sum, count }]) => [
          Number((bin * (index + 0.5)).toPrecision(5)),
          Number((sum / count).toPrecision(4)),
        ]),
    }
  })
  return { label, lines }
}

/** The lines of the best entries, as many as can be told apart. */
export function drawErrorLines(type: CouplingType, { label, lines }: ErrorLines): string {
  return drawPlot(
    `Mean absolute error of each entry on ${type} over the ${label}`,
    plotErrorLines(
      { label, lines: lines.slice(0, MOST_ENTRIES) },
      { shown: () => true, logarithmic: false },
    ),
  )
}

interface Axis {
  readonly x: (pair: OpenPair) => number | undefined
  readonly label: string
  readonly domain?: [number, number]
  /** Width of the bins of errors. */
  readonly bin: number
}

function axisOf(type: CouplingType): Axis {
  if (type.startsWith('3')) {
    return {
      x: ({ dihedral }) => dihedral && Math.abs(dihedral),
      label: 'dihedral angle (degrees)',
      domain: [0, 180],
      bin: 20,
    }
  }
  const bin = type.startsWith('1') ? 0.005 : 0.05
  return { x: ({ distance }) => distance, label: 'distance (angstrom)', bin }
}
