import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

const { document } = parseHTML('<!doctype html><html><body></body></html>')

/** Eight colours that remain apart for colour-blind readers, in light and dark (after Okabe and Ito); marks also differ in dash or symbol. */
export const COLOURS = [
  'var(--c0)',
  'var(--c1)',
  'var(--c2)',
  'var(--c3)',
  'var(--c4)',
  'var(--c5)',
  'var(--c6)',
  'var(--c7)',
]

/** Dashes of lines, so that colour is not all that tells them apart. */
export const DASHES = ['none', '6 3', '2 3', '8 3 2 3', '10 4', '4 2', '1 2', '12 3 4 3']

/**
 * A plot as SVG text, drawn while the site is built.
 * @param label what a reader who does not see it should know.
 */
export function drawPlot(label: string, options: Plot.PlotOptions): string {
  const plot = Plot.plot({
    width: 520,
    height: 320,
    marginBottom: 42,
    style: { fontSize: '12.5px', background: 'none' },
    ...options,
    document,
  })
  plot.setAttribute('role', 'img')
  plot.setAttribute('aria-label', label)
  return plot.outerHTML.replaceAll(/(\d+\.\d{2})\d+/g, '$1')
}
