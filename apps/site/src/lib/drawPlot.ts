import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

const { document } = parseHTML('<!doctype html><html><body></body></html>')

/**
 * A plot as SVG text, drawn while the site is built.
 * @param label what a reader who does not see it should know.
 */
export function drawPlot(label: string, options: Plot.PlotOptions): string {
  const plot = Plot.plot({
    width: 520,
    height: 320,
    // Titles of axes stand above the topmost number.
    marginTop: 28,
    marginBottom: 42,
    style: { fontSize: '12.5px', background: 'none' },
    ...options,
    document,
  })
  plot.setAttribute('role', 'img')
  plot.setAttribute('aria-label', label)
  // Plot names the parts of the drawing, which have no role that may carry a name.
  for (const part of plot.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label')
  // The page's own style sheet says the same once for all plots.
  plot.querySelector('style')?.remove()
  // A tenth of a pixel is enough for places, and halves the size; opacities keep their two digits, and text all.
  return plot.outerHTML.replaceAll(/<[^>]*>/g, (tag) =>
    tag
      .replaceAll(/(\d+\.\d{2})\d+/g, '$1')
      .replaceAll(/ (?:d|transform|x|y|x1|y1|x2|y2|cx|cy|width|height)="[^"]*"/g, (attribute) =>
        attribute.replaceAll(/(\d+\.\d)\d/g, '$1'),
      ),
  )
}

/** Axis of logarithms of base 10 that is labelled with the numbers themselves: 1, 2, 5, 10, and so on. */
export function logarithmicAxis(
  label: string,
  values: readonly number[],
): Pick<Plot.ScaleOptions, 'label' | 'ticks' | 'tickFormat'> {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const decades = Math.ceil(Math.log10(most)) - Math.floor(Math.log10(least)) + 1
  const steps = decades > 4 ? [1] : decades > 2 ? [1, 3] : [1, 2, 5]
  const ticks = Array.from({ length: decades }, (_, decade) =>
    steps.map((step) => step * 10 ** (Math.floor(Math.log10(least)) + decade)),
  )
    .flat()
    .filter((tick) => tick >= 0.9 * least && tick <= 1.1 * most)
  return {
    label,
    ticks: ticks.map((tick) => Math.log10(tick)),
    tickFormat: (power: number) => Number((10 ** power).toPrecision(2)).toLocaleString('en'),
  }
}
