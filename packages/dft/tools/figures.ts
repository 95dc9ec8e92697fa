import { COUPLING_TYPES, type MoleculeTable } from '@couplet/data'
import { bin, extent, max, ticks } from 'd3-array'
import { fitKarplus, type VicinalPair, vicinalPairs } from './karplus.ts'

/** Colours for light and dark surroundings; a picture on a page takes the theme of the system. */
const STYLE = `<style>
text { font: 11px system-ui, sans-serif; fill: #57606a }
.title { font-weight: 600; fill: #1f2328 }
.axis { stroke: #8c959f; fill: none }
.mark { fill: #0969da }
.point { fill: #0969da; fill-opacity: 0.45 }
.curve { stroke: #bc4c00; stroke-width: 2; fill: none }
@media (prefers-color-scheme: dark) {
text { fill: #9198a1 }
.title { fill: #f0f6fc }
.axis { stroke: #656c76 }
.mark, .point { fill: #4493f8 }
.curve { stroke: #f0883e }
}
</style>`

/** Every figure of the data card by the name of its file. */
export const FIGURES: ReadonlyMap<string, (table: MoleculeTable) => string> = new Map([
  ['couplings.svg', couplingHistograms],
  ['karplus.svg', karplusFigure],
])

const MARGIN = { left: 34, right: 10, top: 24, bottom: 30 }

/** A panel of a figure: its frame, axes and title; `x` and `y` turn values into places. */
interface Panel {
  readonly x: (value: number) => number
  readonly y: (value: number) => number
  readonly frame: string
}

/** Histograms of the couplings, one panel for each of the eight types, as SVG. */
function couplingHistograms(table: MoleculeTable): string {
  const [width, height] = [230, 150]
  const panels = COUPLING_TYPES.map((title, type) => {
    const values = Array.from(table.couplings!).filter((_, pair) => table.pairTypes[pair] === type)
    const [low, high] = extent(values) as [number, number]
    const bins = bin()
      .domain([low, high])
      .thresholds(ticks(low, high, 30))(values)
    const heading = `${title} in hertz: ${values.length} couplings`
    const most = max(bins, (one) => one.length)!
    const { x, y, frame } = panel(
      width,
      height,
      heading,
      [bins[0]!.x0!, bins.at(-1)!.x1!],
      [0, most],
    )
    const bars = bins.map((one) => {
      const [left, right] = [x(one.x0!), x(one.x1!)]
      const top = y(one.length)
      return `<rect class="mark" x="${round(left + 0.5)}" y="${round(top)}" width="${round(Math.max(0.5, right - left - 1))}" height="${round(y(0) - top)}"/>`
    })
    const [column, row] = [type % 4, Math.floor(type / 4)]
    return `<g transform="translate(${column * width} ${row * height})">\n${frame}\n${bars.join('\n')}\n</g>`
  })
  const label = 'Histograms of the couplings of each type in hertz'
  return picture(4 * width, 2 * height, label, panels.join('\n'))
}

/** The computed 3JHH over the dihedral angle H-C-C-H with the fitted curve, as SVG. */
function karplusFigure(table: MoleculeTable): string {
  const pairs = vicinalPairs(table)
  const { coefficients } = fitKarplus(pairs)
  const degrees = (pair: VicinalPair): number => (Math.abs(pair.dihedral) * 180) / Math.PI
  const [low, high] = extent(pairs, (pair) => pair.coupling) as [number, number]
  const heading = `3JHH in hertz over the angle H-C-C-H in degrees: ${pairs.length} couplings`
  const { x, y, frame } = panel(560, 320, heading, [0, 180], [Math.min(0, low), high])
  const points = pairs.map(
    (pair) =>
      `<circle class="point" cx="${round(x(degrees(pair)))}" cy="${round(y(pair.coupling))}" r="3"/>`,
  )
  const curve = ticks(0, 180, 60).map((angle) => {
    const cosine = Math.cos((angle * Math.PI) / 180)
    const [a, b, c] = coefficients as [number, number, number]
    return `${round(x(angle))},${round(y(a * cosine ** 2 + b * cosine + c))}`
  })
  const body = `${frame}\n${points.join('\n')}\n<polyline class="curve" points="${curve.join(' ')}"/>`
  return picture(560, 320, heading, body)
}

function picture(width: number, height: number, label: string, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">
${STYLE}
${body}
</svg>
`
}

function panel(
  width: number,
  height: number,
  title: string,
  [left, right]: readonly [number, number],
  [bottom, top]: readonly [number, number],
): Panel {
  const inner = {
    width: width - MARGIN.left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom,
  }
  const x = (value: number): number => MARGIN.left + ((value - left) / (right - left)) * inner.width
  const y = (value: number): number => MARGIN.top + ((top - value) / (top - bottom)) * inner.height
  const floor = y(bottom)
  const along = ticks(left, right, Math.max(3, Math.round(width / 90))).map(
    (tick) =>
      `<path class="axis" d="M${round(x(tick))} ${round(floor)}v4"/><text x="${round(x(tick))}" y="${round(floor + 16)}" text-anchor="middle">${tick}</text>`,
  )
  const up = ticks(bottom, top, 4).map(
    (tick) =>
      `<path class="axis" d="M${MARGIN.left} ${round(y(tick))}h-4"/><text x="${MARGIN.left - 7}" y="${round(y(tick) + 4)}" text-anchor="end">${tick}</text>`,
  )
  const axes = `<path class="axis" d="M${MARGIN.left} ${MARGIN.top}V${round(floor)}H${width - MARGIN.right}"/>`
  const heading = `<text class="title" x="${MARGIN.left}" y="15">${title}</text>`
  return { x, y, frame: [heading, axes, ...along, ...up].join('\n') }
}

const round = (value: number): number => Math.round(value * 10) / 10
