import { COUPLING_TYPES } from '@couplet/data'
import {
  type BlendData,
  crossFit,
  formatHertz,
  formatScore,
  type Score,
  scoreTotals,
} from '@couplet/eval'
import { fetchFile, NOT_LOADED, onDemand } from './onDemand.ts'

/** Predictions and labels of pairs, and the fold of each. */
interface EnsembleData extends BlendData {
  readonly couplings: Float32Array
  readonly folds: Uint8Array
}

const form = document.querySelector<HTMLFormElement>('#builder')
if (form) start(form)

function start(builder: HTMLFormElement): void {
  const boxes = [...builder.querySelectorAll<HTMLInputElement>('[name=entry]')]
  const status = builder.querySelector<HTMLElement>('[role=status]')!
  const asked = new URLSearchParams(location.search).get('entries')?.split(',')
  const row = document.querySelector<HTMLTableRowElement>('#ensemble-row')!
  const data = onDemand(() => load(builder.dataset['file']!, boxes.length))
  if (asked) for (const box of boxes) box.checked = asked.includes(box.value)
  for (const part of [builder, row, document.querySelector<HTMLElement>('#invitation')!]) {
    part.hidden = false
  }
  builder.addEventListener('change', () => void show())
  if (asked) void show()
  builder.querySelector('button')!.addEventListener('click', (event) => {
    event.preventDefault()
    void show()
  })

  async function show(): Promise<void> {
    const ticked = [...boxes.keys()].filter((index) => boxes[index]!.checked)
    const names = ticked.map((index) => boxes[index]!.value)
    history.replaceState(null, '', `?entries=${names.join(',')}`)
    if (ticked.length === 0) {
      write([], [])
      status.textContent = 'Tick at least one entry.'
      return
    }
    status.textContent = 'Fitting …'
    let all: EnsembleData
    try {
      all = await data()
    } catch {
      status.textContent = NOT_LOADED
      return
    }
    // Lets the browser draw the message first.
    await new Promise((resolve) => setTimeout(resolve))
    const predictions = ticked.map((index) => all.predictions[index]!)
    const blend = crossFit({ ...all, predictions }, all.folds, 'single', 'softmax', 1)
    const weights = blend.weights[0]!
    const { score, types } = scoreOf(blend.predictions, all)
    const singles = predictions.map((values) => scoreOf(values, all).score)
    const best = singles.indexOf(Math.min(...singles))
    write(
      [formatScore(score), ...types.map(({ mae }) => formatHertz(mae))],
      boxes.map((_, index) => weights[ticked.indexOf(index)]),
    )
    status.textContent =
      ticked.length === 1
        ? `One entry alone: score ${score.toFixed(3)}.`
        : `Score ${score.toFixed(3)}, ${Math.abs(singles[best]! - score).toFixed(3)} ${score < singles[best]! ? 'better' : 'worse'} than the best of them alone (${boxes[ticked[best]!]!.dataset['name']}, ${singles[best]!.toFixed(3)}).`
  }

  /** Fills the row of the ensemble, and the weight of every box; nothing clears them. */
  function write(cells: readonly string[], weights: readonly (number | undefined)[]): void {
    for (const [index, cell] of [...row.cells].slice(1).entries()) {
      cell.textContent = cells[index] ?? '–'
    }
    for (const [index, box] of boxes.entries()) {
      const item = box.closest('li')!
      item.querySelector<HTMLElement>('output')!.textContent = weights[index]?.toFixed(3) ?? ''
      item.querySelector<HTMLElement>('.bar')!.style.width = `${100 * (weights[index] ?? 0)}%`
    }
  }
}

/** Reads the file that predictions.json describes. */
async function load(address: string, entries: number): Promise<EnsembleData> {
  const buffer = await (await fetchFile(address)).arrayBuffer()
  const pairs = buffer.byteLength / (4 * (entries + 1) + 2)
  const numbers = new Float32Array(buffer, 0, pairs * (entries + 1))
  const bytes = new Uint8Array(buffer, 4 * numbers.length)
  return {
    couplings: numbers.subarray(0, pairs),
    predictions: Array.from({ length: entries }, (_, entry) =>
      Float64Array.from(numbers.subarray((entry + 1) * pairs, (entry + 2) * pairs)),
    ),
    types: bytes.subarray(0, pairs),
    folds: bytes.subarray(pairs),
  }
}

/** The metric of predictions in hertz. */
function scoreOf(values: Float64Array, { couplings, types }: EnsembleData): Score {
  const sums = new Float64Array(COUPLING_TYPES.length)
  const counts = new Float64Array(COUPLING_TYPES.length)
  for (const [pair, value] of values.entries()) {
    sums[types[pair]!]! += Math.abs(value - couplings[pair]!)
    counts[types[pair]!]! += 1
  }
  return scoreTotals(sums, counts)
}
