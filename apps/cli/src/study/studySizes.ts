import { foldKey } from '@couplet/data'
import { scoreErrors, scoreLine, type SizesStudy } from '@couplet/eval'
import { writeStudy } from '@couplet/eval/node'
import { readDataset, type Dataset } from '../Dataset.ts'
import { ENTRIES, entryOf } from '../entries.ts'
import { MAIN_SEED, studyPath } from '../results.ts'
import { splitOf, type Run } from '../Run.ts'
import { outOfFold } from './outOfFold.ts'
import { trainingOf } from './trainingOf.ts'
import { datasetOf, type StudyJob } from './StudyJob.ts'
import { seedNotes, trainingHeader } from './studyHeader.ts'
import {
  budgetOf,
  missingWords,
  printMissing,
  trainJobs,
  type JobRuns,
  type TrainCall,
} from './trainJobs.ts'

/** Shares of the training constitutions; 1 is the main training. */
const SHARES = [0.1, 0.2, 0.4, 0.7, 1] as const
/** Parts of the budget that all molecules are trained with besides. */
const BUDGET_SHARES = [0.125, 0.25, 0.5] as const
/** The fold that is scored. */
const FOLD = '0'
/** Numbers of molecules to which the line is drawn on, as multiples of the largest. */
const BEYOND = [2, 4, 10] as const

/** `couplet study sizes`. */
export async function studySizes(call: TrainCall): Promise<void> {
  const dataset = await readDataset(call.data)
  const jobs = sizeJobs(dataset, call)
  if (call.plan) return printMissing(jobs, call)
  const found = await trainJobs(jobs, call)
  const study = await sizesOf(dataset, jobs, found, budgetOf(dataset.name, call.budget))
  const path = studyPath(call.results, 'sizes', dataset.name)
  await writeStudy('sizes', path, study)
  for (const { entry, points, fit } of study.entries) {
    const slope = fit ? `${fit.slope.toFixed(3)} for each factor e` : 'too few sizes for a line'
    console.log(`${entry}: ${points.length} trainings, ${slope}`)
  }
  if (study.partial) console.log(`Partial: ${study.partial}`)
  console.log(`Wrote ${path}`)
}

/** The trainings: every entry, seed and share, then the smaller budgets of the first seed. */
export function sizeJobs(
  dataset: Pick<Dataset, 'name' | 'source'>,
  { entries, seeds, budget }: Pick<TrainCall, 'entries' | 'seeds' | 'budget'>,
): StudyJob[] {
  const whole = budgetOf(dataset.name, budget)
  const ids = entries ?? ENTRIES.map(({ entry }) => entry.id)
  return ids.flatMap((entry): StudyJob[] => {
    const isNetwork = entryOf(entry).kind === 'network'
    // A fitted entry has one seed and takes the time that it takes.
    const own = isNetwork ? seeds : seeds.filter((seed) => seed === MAIN_SEED)
    const jobOf = (seed: number, core: number): StudyJob => {
      return { entry, data: dataset.source, fold: FOLD, seed, budget: core }
    }
    const bySize = own.flatMap((seed) =>
      SHARES.map((share) => ({ ...jobOf(seed, whole), ...(share < 1 ? { share } : {}) })),
    )
    const seed = seeds[0]!
    const byBudget = BUDGET_SHARES.map((part) => jobOf(seed, part * whole))
    return isNetwork ? [...bySize, ...byBudget] : bySize
  })
}

async function sizesOf(
  dataset: Dataset,
  jobs: readonly StudyJob[],
  found: JobRuns,
  budget: number,
): Promise<SizesStudy> {
  const entries: SizesStudy['entries'] = []
  for (const entry of new Set(jobs.map((job) => job.entry))) {
    const points: SizesStudy['entries'][number]['points'] = []
    const byBudget: NonNullable<SizesStudy['entries'][number]['byBudget']> = []
    const own = jobs.filter((job) => job.entry === entry)
    const isWhole = (seed: number): boolean =>
      own.every((job) => job.seed !== seed || job.budget !== budget || found.has(job))
    for (const job of own) {
      const run = found.get(job)
      const isFirst = job.seed === jobs[0]!.seed
      // Of further seeds whole curves alone, or some sizes would count more than others.
      if (!run || !(isFirst || isWhole(job.seed))) continue
      const point = await pointOf(job, run)
      const { seed, score, training } = point
      if (job.budget === budget) points.push(point)
      // Smaller budgets are trained with one seed, and so compared with that seed's whole one.
      if (job.share === undefined && isFirst) {
        byBudget.push({ budget: job.budget, seed, score, training })
      }
    }
    // One training, that of the comparison itself, is no curve.
    if (points.length < 2) continue
    byBudget.sort((a, b) => a.budget - b.budget || a.seed - b.seed)
    const line = scoreLine(points.map(({ molecules, score }) => ({ molecules, score })))
    const largest = Math.max(...points.map(({ molecules }) => molecules))
    const extrapolated = BEYOND.map((factor) => ({
      molecules: factor * largest,
      score: line ? line.intercept + line.slope * Math.log(factor * largest) : 0,
    }))
    entries.push({ entry, points, byBudget, fit: line && { ...line, extrapolated } })
  }
  const test = splitOf(dataset.table, FOLD).test!
  return {
    ...trainingHeader(dataset, test, FOLD, missingWords(jobs, found), [
      'Smaller training sets are parts of larger ones; all are scored on the same fold.',
      'Every training has the same core-seconds, so that fewer molecules are seen more often.',
      'Beyond the largest size the line is an extrapolation, no measurement.',
      ...seedNotes(entries.map(({ points }) => [...new Set(points.map(({ seed }) => seed))])),
    ]),
    study: 'sizes',
    budget,
    entries,
  }
}

async function pointOf(job: StudyJob, run: Run) {
  const dataset = await datasetOf(job)
  const { train } = splitOf(dataset.table, job.fold)
  const { score } = scoreErrors(await outOfFold([run], dataset))
  return {
    constitutions: new Set(train.names.map((_, molecule) => foldKey(train, molecule))).size,
    molecules: train.names.length,
    seed: job.seed,
    score,
    training: await trainingOf([run]),
  }
}
