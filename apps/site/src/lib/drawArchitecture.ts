import { formatCount } from '@couplet/eval'
import type { Architecture } from '@couplet/model/schema'
import { formatShape, inWords } from './architectures.ts'
import { escapeText } from './markdown.ts'

/** Sizes in pixels. */
const BOX = { left: 96, width: 300, height: 58, gap: 30 }
const RIGHT = BOX.left + BOX.width
/** Arrows beside the boxes keep this far apart; arrows back, of rounds, run on the other side. */
const LANE = 13
/** More shapes than these would not fit into a box. */
const MOST_SHAPES = 2

type Step = Architecture['steps'][number]

/** A network as boxes from top to bottom, one per step, as SVG text; arrows are the arrays that one step reads of another. */
export function drawArchitecture(name: string, { steps }: Architecture): string {
  const top = (index: number): number => 34 + index * (BOX.height + BOX.gap)
  const placeOf = new Map(steps.map((step, index) => [step.name, index]))
  const arrows = steps.flatMap(({ from }, to) =>
    from.map((step) => ({ from: placeOf.get(step)!, to })),
  )
  const straight = arrows.filter(({ from, to }) => to === from + 1)
  const beside = lanes(arrows.filter(({ from, to }) => to > from + 1))
  const back = lanes(arrows.filter(({ from, to }) => to < from))
  const parts = [
    // The first has its arrow from the text at the top.
    ...[...steps.entries()]
      .filter(([index, { from }]) => index > 0 && from.length === 0)
      .map(([index]) => input(top(index))),
    ...straight.map(({ to }) =>
      arrow(`M${BOX.left + BOX.width / 2} ${top(to) - BOX.gap}V${top(to) - 3}`),
    ),
    ...beside.map(({ from, to, lane }) => {
      const x = BOX.left - 14 - lane * LANE
      return arrow(`M${BOX.left} ${top(from) + 40}H${x}V${top(to) + 18}H${BOX.left - 3}`)
    }),
    ...back.map(({ from, to, lane }) => {
      const x = RIGHT + 14 + lane * LANE
      return arrow(`M${RIGHT} ${top(from) + 18}H${x}V${top(to) + 40}H${RIGHT + 3}`, true)
    }),
    ...steps.map((step, index) => box(step, top(index))),
  ]
  const width = RIGHT + 20 + LANE * (1 + Math.max(0, ...back.map(({ lane }) => lane)))
  const height = top(steps.length - 1) + BOX.height + 40
  const middle = BOX.left + BOX.width / 2
  return (
    `<svg class="architecture" role="img" aria-label="Steps of ${escapeText(name)}; the table has the same" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="context-stroke"/></marker></defs>' +
    `<text class="end" x="${middle}" y="18">features of molecules</text>${arrow(`M${middle} 22V31`)}${parts.join('')}` +
    `${arrow(`M${middle} ${height - 40}V${height - 20}`)}<text class="end" x="${middle}" y="${height - 5}">a coupling for every pair</text></svg>`
  )
}

interface Arrow {
  readonly from: number
  readonly to: number
}

/** Gives every arrow the innermost lane that no shorter arrow beside the same boxes uses. */
function lanes(arrows: readonly Arrow[]): (Arrow & { readonly lane: number })[] {
  const placed: (Arrow & { readonly lane: number })[] = []
  const span = ({ from, to }: Arrow): number => Math.abs(to - from)
  for (const one of arrows.toSorted((a, b) => span(a) - span(b))) {
    const [low, high] = [Math.min(one.from, one.to), Math.max(one.from, one.to)]
    const used = new Set(
      placed
        .filter(({ from, to }) => Math.min(from, to) <= high && Math.max(from, to) >= low)
        .map(({ lane }) => lane),
    )
    let lane = 0
    while (used.has(lane)) lane++
    placed.push({ ...one, lane })
  }
  return placed
}

/** An arrow into a step that reads features alone. */
function input(y: number): string {
  const middle = BOX.left + BOX.width / 2
  return `<text class="detail" x="${middle + 10}" y="${y - 10}">features</text>${arrow(`M${middle} ${y - 22}V${y - 3}`)}`
}

function arrow(path: string, back = false): string {
  return `<path class="${back ? 'back' : 'flow'}" d="${path}" marker-end="url(#head)"/>`
}

function box({ name, times, parameters, gives }: Step, y: number): string {
  const shapes = gives.slice(0, MOST_SHAPES).map(formatShape).join(' ')
  const more = gives.length > MOST_SHAPES ? ' …' : ''
  const rounds =
    times > 1 ? `<text class="times" x="${RIGHT - 12}" y="${y + 24}">× ${times}</text>` : ''
  const learnt = parameters > 0 ? `${formatCount(parameters)} parameters` : 'nothing learnt'
  return (
    `<rect x="${BOX.left}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="4"/>` +
    `<text class="step" x="${BOX.left + 12}" y="${y + 24}">${escapeText(inWords(name))}</text>${rounds}` +
    `<text class="detail" x="${BOX.left + 12}" y="${y + 45}">${learnt}; ${escapeText(shapes)}${more}</text>`
  )
}
