import type { Contestant, PreparedCase, Task } from './contestants/Contestant.ts'

/** How often. */
export interface MeasureOptions {
  /** Rounds in which every row has its turn. */
  readonly rounds: number
  /** Timed calls of a turn. */
  readonly calls: number
  readonly onProgress: (text: string) => void
}

/** Times of one row. */
export interface RowResult {
  readonly label: string
  readonly isBarred: boolean
  /** Median of each round, in milliseconds. */
  readonly rounds: readonly number[]
  /** Median over rounds, in milliseconds. */
  readonly milliseconds: number
}

/** Losses of the first steps, which must agree. */
interface LossCheck {
  readonly label: string
  readonly losses: readonly number[]
  /** Largest difference from the first row, relative to the larger of 1 and the loss. */
  readonly difference: number
}

/** What one case gave. */
export interface CaseResult {
  readonly name: string
  readonly title: string
  readonly losses: readonly LossCheck[]
  readonly train: readonly RowResult[]
  readonly forward: readonly RowResult[]
}

const STEPS = 4
/** Losses that differ by more are those of another network. */
const TOLERANCE = 2e-4

/**
 * Times every contestant on one case, in turns: a disturbance of the machine meets all of them alike.
 * @throws Error if the losses of the first steps of Adam do not agree.
 */
export async function measureCase(
  prepared: PreparedCase,
  contestants: readonly Contestant[],
  options: MeasureOptions,
): Promise<CaseResult> {
  const { name, title } = prepared.benchmarkCase
  const losses: LossCheck[] = []
  for (const contestant of contestants) {
    options.onProgress(`${name}: preparing ${contestant.label}`)
    await contestant.load(prepared)
    const own = await contestant.losses(STEPS)
    losses.push({
      label: contestant.label,
      losses: own,
      difference: difference(own, losses[0]?.losses ?? own),
    })
  }
  checkLosses(name, losses)
  const train = await measureTask('train', name, contestants, options)
  const forward = await measureTask('forward', name, contestants, options)
  return { name, title, losses, train, forward }
}

function difference(losses: readonly number[], reference: readonly number[]): number {
  return Math.max(
    ...losses.map((loss, k) => Math.abs(loss - reference[k]!) / Math.max(1, Math.abs(loss))),
  )
}

function checkLosses(name: string, losses: readonly LossCheck[]): void {
  const wrong = losses.filter((row) => !(row.difference <= TOLERANCE))
  if (wrong.length === 0) return
  const lines = [losses[0]!, ...wrong].map(
    (row) => `  ${row.label}: ${row.losses.map((loss) => loss.toFixed(5)).join(' ')}`,
  )
  throw new Error(
    `${name}: the losses of the first ${STEPS} steps differ, so the times would not be comparable.\n${lines.join('\n')}`,
  )
}

async function measureTask(
  task: Task,
  name: string,
  contestants: readonly Contestant[],
  { rounds, calls, onProgress }: MeasureOptions,
): Promise<RowResult[]> {
  const times = contestants.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    onProgress(`${name}: ${task}, round ${round + 1} of ${rounds}`)
    for (let turn = 0; turn < contestants.length; turn++) {
      // Each round begins with another row.
      const index = (turn + round) % contestants.length
      times[index]!.push(median(await contestants[index]!.time(task, calls)))
    }
  }
  return contestants.map(({ label, isBarred }, index) => ({
    label,
    isBarred,
    rounds: times[index]!,
    milliseconds: median(times[index]!),
  }))
}

/** The middle value; of an even number of values the mean of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
