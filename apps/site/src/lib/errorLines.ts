import * as Plot from '@observablehq/plot'
import { lineStyle } from './lineStyle.ts'

/** Mean absolute errors of an entry over what decides a coupling. */
export interface ErrorLine {
  readonly entry: string
  readonly name: string
  /** Place, in degrees or angstrom, and mean absolute error in hertz. */
  readonly points: readonly (readonly [place: number, error: number])[]
}

/** What `/api/v1/errors/<type>.json` holds. */
export interface ErrorLines {
  /** What the places are. */
  readonly label: string
  /** Best score first. */
  readonly lines: readonly ErrorLine[]
}

/**
 * The lines as a plot; the style of a line is that of its place, so that it stays where others go.
 * @param shown whether a line is drawn.
 */
export function plotErrorLines(
  { label, lines }: ErrorLines,
  { shown, logarithmic }: { shown: (line: ErrorLine) => boolean; logarithmic: boolean },
): Plot.PlotOptions {
  const chosen = [...lines.entries()].filter(([, line]) => shown(line))
  return {
    height: 360,
    x: { label },
    y: {
      label: 'mean absolute error (Hz)',
      grid: true,
      ...(logarithmic ? { type: 'log' as const } : { zero: true }),
    },
    marks: chosen.flatMap(([place, { name, points }]) => {
      const { colour, dash } = lineStyle(place)
      return [
        Plot.lineY(points, {
          x: '0',
          y: '1',
          stroke: colour,
          strokeDasharray: dash,
          strokeWidth: 2,
        }),
        Plot.dot(points, { x: '0', y: '1', fill: colour, r: 2.5, title: () => name }),
      ]
    }),
  }
}
