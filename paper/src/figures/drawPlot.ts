import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

/** Width of a figure in pixels: the text is 640 of them wide, so that letters come out a little smaller than those of the text. */
export const FIGURE_WIDTH = 640

const FONT = "'Source Sans 3', 'Source Sans Pro', system-ui, sans-serif"

/** Room for the longest of some names beside an axis, in pixels. */
export function roomFor(names: readonly string[]): number {
  return 12 + 5.6 * Math.max(0, ...names.map((name) => name.length))
}

/** A drawn plot. */
export interface Drawing {
  readonly svg: string
  readonly width: number
  readonly height: number
}

/** Draws a plot without a browser. Colours are shades of the text's, so that it reads in grey and on dark pages. */
export function drawPlot(options: Plot.PlotOptions & { width: number; height: number }): Drawing {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const plot = Plot.plot({
    ...options,
    document,
    style: { fontFamily: FONT, fontSize: '11px' },
  })
  plot.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return { svg: plot.outerHTML, width: options.width, height: options.height }
}

/** One figure of several drawings of equal size, row by row. */
export function arrange(drawings: readonly Drawing[], columns: number): string {
  const width = Math.max(...drawings.map((drawing) => drawing.width))
  const height = Math.max(...drawings.map((drawing) => drawing.height))
  const rows = Math.ceil(drawings.length / columns)
  const placed = drawings.map((drawing, index) => {
    return at(drawing, (index % columns) * width, Math.floor(index / columns) * height)
  })
  return frame(columns * width, rows * height, placed)
}

/** One figure of several drawings beside each other. */
export function beside(drawings: readonly Drawing[]): string {
  let x = 0
  const placed = drawings.map((drawing) => {
    x += drawing.width
    return at(drawing, x - drawing.width, 0)
  })
  return frame(x, Math.max(...drawings.map(({ height }) => height)), placed)
}

function at({ svg }: Drawing, x: number, y: number): string {
  return `<g transform="translate(${x} ${y})">${svg}</g>`
}

function frame(width: number, height: number, content: readonly string[]): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${content.join('')}</svg>`
}
