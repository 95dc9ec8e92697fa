import type { CouplingType } from '@couplet/data'
import * as Plot from '@observablehq/plot'
import { drawPlot, lineStyle } from './drawPlot.ts'
import { entryOf } from './entries.ts'
import type { OpenData, OpenPair } from './openMolecules.ts'

/** Bins with fewer couplings say nothing about an entry. */
const LEAST_PAIRS = 10
/** More lines than these would cover each other. */
const MOST_ENTRIES = 6

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
        ...Plot.bin({ fillOpacity: 'count' }, { x: 'x', y: 'y', thresholds: 32 }),
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

/**
 * Mean absolute error of the best entries over dihedral angle or distance, where predictions are published.
 * @returns undefined where none are.
 */
export function drawErrors(
  type: CouplingType,
  pairs: readonly OpenPair[],
  predictions: OpenData['predictions'],
): string | undefined {
  if (predictions.size === 0) return undefined
  const { x, label, bin } = axisOf(type)
  const entries = [...predictions].slice(0, MOST_ENTRIES)
  const points = entries.flatMap(([id, values], rank) => {
    const sums = new Map<number, { sum: number; count: number }>()
    for (const pair of pairs) {
      const place = x(pair)
      const error = Math.abs(values[pair.index]! - pair.coupling)
      if (place === undefined || Number.isNaN(error)) continue
      const key = bin * (Math.floor(place / bin) + 0.5)
      const { sum, count } = sums.get(key) ?? { sum: 0, count: 0 }
      sums.set(key, { sum: sum + error, count: count + 1 })
    }
    return [...sums]
      .filter(([, { count }]) => count >= LEAST_PAIRS)
      .toSorted(([a], [b]) => a - b)
      .map(([place, { sum, count }]) => ({
        x: place,
        y: sum / count,
        rank,
        name: entryOf(id)?.name ?? id,
      }))
  })
  const lines = entries.map((_, rank) => points.filter((point) => point.rank === rank))
  return drawPlot(`Mean absolute error of each entry on ${type} over the ${label}`, {
    height: 360,
    x: { label },
    y: { label: 'mean absolute error (Hz)', grid: true, zero: true },
    marks: lines.flatMap((line, rank) => [
      Plot.lineY(line, {
        x: 'x',
        y: 'y',
        stroke: lineStyle(rank).colour,
        strokeDasharray: lineStyle(rank).dash,
        strokeWidth: 2,
      }),
      Plot.dot(line, { x: 'x', y: 'y', fill: lineStyle(rank).colour, r: 2.5 }),
    ]),
  })
}

/** Ids of the entries in the order of the lines of {@link drawErrors}. */
export function drawnEntries(predictions: OpenData['predictions']): string[] {
  return [...predictions.keys()].slice(0, MOST_ENTRIES)
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
