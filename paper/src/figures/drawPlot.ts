import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

/** Width of a figure in pixels: the text is 640 of them wide, so that letters come out a little smaller than those of the text. */
export const FIGURE_WIDTH = 640

const FONT = "'Source Sans 3', 'Source Sans Pro', system-ui, sans-serif"

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

/** One figure of several drawings, row by row. */
export function arrange(drawings: readonly Drawing[], columns: number): string {
  const width = Math.max(...drawings.map((drawing) => drawing.width))
  const height = Math.max(...drawings.map((drawing) => drawing.height))
  const rows = Math.ceil(drawings.length / columns)
  const placed = drawings.map(({ svg }, index) => {
    const [x, y] = [(index % columns) * width, Math.floor(index / columns) * height]
    return `<g transform="translate(${x} ${y})">${svg}</g>`
  })
  const size = `width="${columns * width}" height="${rows * height}" viewBox="0 0 ${columns * width} ${rows * height}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${placed.join('')}</svg>`
}
