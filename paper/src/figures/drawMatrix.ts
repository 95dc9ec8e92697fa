import * as Plot from '@observablehq/plot'
import { drawPlot, FIGURE_WIDTH, roomFor } from './drawPlot.ts'

/** One cell of a matrix. */
export interface MatrixCell {
  readonly row: string
  readonly column: string
  readonly value: number
}

/** How a matrix is drawn. */
export interface MatrixOptions {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** Values of the lightest and the darkest cell. */
  readonly domain: readonly [number, number]
  readonly format: (value: number) => string
  readonly cellWidth: number
  /** Whether the heads of the columns are too long to stand side by side. */
  readonly slanted?: boolean
}

/** The darkest shade on which text in the text's own colour can still be read. */
const DARKEST = 0.42

/** A matrix of shaded cells that hold their values, so that shades need no scale beside them. */
export function drawMatrix(cells: readonly MatrixCell[], options: MatrixOptions): string {
  const { rows, columns, domain, format, cellWidth, slanted = false } = options
  const [least, most] = domain
  const shade = ({ value }: MatrixCell): number =>
    0.02 + DARKEST * Math.max(0, Math.min(1, (value - least) / (most - least)))
  const marginLeft = roomFor(rows)
  // Slanted by 60 degrees.
  const marginRight = slanted ? 0.5 * roomFor(columns) : 10
  const marginTop = slanted ? 0.9 * roomFor(columns) : 25
  const { svg } = drawPlot({
    width: Math.min(FIGURE_WIDTH, marginLeft + cellWidth * columns.length + marginRight),
    height: marginTop + 5 + 19 * rows.length,
    marginLeft,
    marginRight,
    marginTop,
    marginBottom: 5,
    padding: 0.04,
    x: {
      axis: 'top',
      label: null,
      domain: columns,
      tickSize: 0,
      ...(slanted && { tickRotate: -60 }),
    },
    y: { label: null, domain: rows, tickSize: 0 },
    marks: [
      Plot.cell(cells, { x: 'column', y: 'row', fill: 'currentColor', fillOpacity: shade }),
      Plot.text(cells, {
        x: 'column',
        y: 'row',
        text: ({ value }: MatrixCell) => format(value),
        fontVariant: 'tabular-nums',
      }),
    ],
  })
  return svg
}
