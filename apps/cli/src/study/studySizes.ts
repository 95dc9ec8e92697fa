import { foldKey } from '@couplet/data'
import { scoreErrors, scoreLine, type SizesStudy } from '@couplet/eval'
import { writeStudy } from '@couplet/eval/node'
import { readDataset, type Dataset } from '../Dataset.ts'
import { ENTRIES } from '../entries.ts'
import { studyPath } from '../results.ts'
import { splitOf, type Run } from '../Run.ts'
import { outOfFold } from './outOfFold.ts'
import { datasetOf, type StudyJob } from './StudyJob.ts'
import { trainingHeader } from './studyHeader.ts'
import { budgetOf, missingWords, trainJobs, type JobRuns, type TrainCall } from './trainJobs.ts'

/** Shares of the training constitutions; 1 is the main training. */
const SHARES = [0.1, 0.2, 0.4, 0.7, 1] as const
/** The fold that is scored. */
const FOLD = '0'
/** Numbers of molecules to which the line is drawn on, as multiples of the largest. */
const BEYOND = [2, 4, 10] as const

/** `couplet study sizes`. */
export async function studySizes(call: TrainCall): Promise<void> {
  const dataset = await readDataset(call.data)
  const jobs = sizeJobs(dataset, call)
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

/** The trainings: every entry, seed and share, the smallest first. */
export function sizeJobs(
  dataset: Pick<Dataset, 'name' | 'source'>,
  { entries, seeds, budget }: Pick<TrainCall, 'entries' | 'seeds' | 'budget'>,
): StudyJob[] {
  const ids = entries ?? ENTRIES.map(({ entry }) => entry.id)
  return ids.flatMap((entry) =>
    seeds.flatMap((seed) =>
      SHARES.map((share) => ({
        entry,
        data: dataset.source,
        fold: FOLD,
        seed,
        budget: budgetOf(dataset.name, budget),
        ...(share < 1 ? { share } : {}),
      })),
    ),
  )
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
    for (const job of jobs) {
      const run = found.get(job)
      if (job.entry === entry && run) points.push(await pointOf(job, run))
    }
    if (points.length === 0) continue
    const line = scoreLine(points.map(({ molecules, score }) => ({ molecules, score })))
    const largest = Math.max(...points.map(({ molecules }) => molecules))
    const extrapolated = BEYOND.map((factor) => ({
      molecules: factor * largest,
      score: line ? line.intercept + line.slope * Math.log(factor * largest) : 0,
    }))
    entries.push({ entry, points, fit: line && { ...line, extrapolated } })
  }
  const test = splitOf(dataset.table, FOLD).test!
  return {
    ...trainingHeader(dataset, test, FOLD, missingWords(jobs, found), [
      'Smaller training sets are parts of larger ones; all are scored on the same fold.',
      'Every training has the same core-seconds, so that fewer molecules are seen more often.',
      'Beyond the largest size the line is an extrapolation, no measurement.',
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
    seconds: (await run.report())!.seconds,
  }
}
