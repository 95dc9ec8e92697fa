import type { Result } from '@couplet/eval'
import { readResult } from '@couplet/eval/node'
import { ENTRIES } from '../entries.ts'
import { TRIAL } from '../recipeWithin.ts'
import { resultFiles } from '../results.ts'
import type { StudyJob } from './StudyJob.ts'
import { sizeJobs } from './studySizes.ts'
import { swapJobs } from './studySwaps.ts'
import { mainJobs } from './studyTrain.ts'
import { pretrainingJobs } from './studyTransfer.ts'
import { SWAPS } from './swaps.ts'
import { hoursOf } from './trainJobs.ts'

/** Core-hours that the whole study may take. */
const MOST_HOURS = 24
const SEEDS = [1, 2, 3] as const
/** Entries that get three seeds, and that are trained on other data first. */
const [SEEDED, TRANSFERRED] = [5, 3]

/** The two data sets; where the sample is makes no difference to its cost. */
const OURS = { name: 'couplet-dft', source: 'couplet-dft' }
const SAMPLE = { name: 'champs-sample', source: 'champs-sample' }

/** One part of the study and what it costs. */
interface PlannedPart {
  readonly part: string
  readonly dataset: string
  readonly trainings: number
  readonly coreHours: number
}

/** Every part of the study; trainings that several parts use stand in the first alone. */
export function plannedParts(): PlannedPart[] {
  const networks = ENTRIES.filter(({ kind }) => kind === 'network').map(({ entry }) => entry.id)
  // Which they are will be known from the first seed; any five cost the same.
  const best = networks.slice(0, SEEDED)
  const moved = networks.slice(0, TRANSFERRED)
  const [seed] = SEEDS
  const further = SEEDS.slice(1)
  const pretraining = pretrainingJobs(SAMPLE, { entries: moved, seeds: [seed] })
  const fineTuning = mainJobs(SAMPLE, { entries: moved, seeds: [seed] }).map((job) => ({
    ...job,
    from: `first-${job.entry}`,
  }))
  const names = SWAPS.map(({ name }) => name)
  const parts: (readonly [string, string, readonly StudyJob[]])[] = [
    ['all entries, one seed', SAMPLE.name, mainJobs(SAMPLE, { seeds: [seed] })],
    [
      `best ${SEEDED}, two more seeds`,
      SAMPLE.name,
      mainJobs(SAMPLE, { entries: best, seeds: further }),
    ],
    ['all entries, one seed', OURS.name, mainJobs(OURS, { seeds: [seed] })],
    [
      `best ${SEEDED}, two more seeds`,
      OURS.name,
      mainJobs(OURS, { entries: best, seeds: further }),
    ],
    ['sizes', OURS.name, sizeJobs(OURS, { seeds: SEEDS })],
    ['swaps', OURS.name, swapJobs(OURS, names, { seeds: [seed] })],
    [`transfer of ${TRANSFERRED}`, SAMPLE.name, [...pretraining, ...fineTuning]],
  ]
  const seen = new Set<string>()
  return parts.map(([part, dataset, jobs]) => {
    const fresh = jobs.filter((job) => !seen.has(JSON.stringify(job)))
    for (const job of fresh) seen.add(JSON.stringify(job))
    return { part, dataset, trainings: fresh.length, coreHours: hoursOf(fresh) }
  })
}

/** Core-hours of predicting, at the speed of the published results; entries without one are counted apart. */
export function predictingHours(results: readonly Result[]): { hours: number; unknown: number } {
  const seconds = results.map(({ counts, run }) => {
    return (run.cores * counts.test.molecules) / run.moleculesPerSecond
  })
  const known = new Set(results.map(({ entry }) => entry.id))
  return {
    hours: seconds.reduce((sum, value) => sum + value, 0) / 3600,
    unknown: ENTRIES.filter(({ entry }) => !known.has(entry.id)).length,
  }
}

/** `couplet study --plan`. */
export async function studyPlan(results: string): Promise<void> {
  const parts = plannedParts()
  const row = (cells: readonly string[]): string =>
    `${cells[0]!.padEnd(28)}${cells[1]!.padEnd(16)}${cells[2]!.padStart(9)}${cells[3]!.padStart(12)}`
  console.log(row(['part', 'data', 'trainings', 'core-hours']))
  for (const { part, dataset, trainings, coreHours } of parts) {
    console.log(row([part, dataset, `${trainings}`, coreHours.toFixed(2)]))
  }
  const notes: string[] = []
  let total = parts.reduce((sum, { coreHours }) => sum + coreHours, 0)
  for (const { name } of [SAMPLE, OURS]) {
    const published = (await resultFiles(results, name)).map((path) => readResult(path))
    const { hours, unknown } = predictingHours(published)
    total += hours
    console.log(row(['predicting, one seed', name, '', hours.toFixed(2)]))
    if (unknown > 0) notes.push(`${name}: the speed of ${unknown} entries is not known yet.`)
  }
  const trainings = parts.reduce((sum, part) => sum + part.trainings, 0)
  console.log(row(['all', '', `${trainings}`, total.toFixed(2)]))
  console.log(
    total <= MOST_HOURS
      ? `Within the ${MOST_HOURS} core-hours of the study.`
      : `More than the ${MOST_HOURS} core-hours of the study: leave out parts, and publish it as partial.`,
  )
  // It warms up for as long as it is timed.
  const measuring = Math.round(200 * TRIAL.share)
  notes.push(
    `Measuring the speed of each entry takes ${measuring} % of its first training besides, or a little more.`,
  )
  for (const note of notes) console.log(note)
}
