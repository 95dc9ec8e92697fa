import { foldKey, type MoleculeTable } from '@couplet/data'
import { sha256 } from '@couplet/data/node'
import { scoreErrors, scoreLine, type SizesStudy } from '@couplet/eval'
import { readStudy, writeStudy } from '@couplet/eval/node'
import { presetConfig } from '@couplet/model'
import { readDataset, type Dataset } from '../Dataset.ts'
import { ENTRIES, entryOf } from '../entries.ts'
import { resultConfig } from '../resultConfig.ts'
import { MAIN_SEED, studyPath } from '../results.ts'
import { splitOf, type Run } from '../Run.ts'
import { outOfFold } from './outOfFold.ts'
import { trainingOf } from './trainingOf.ts'
import { datasetOf, withShare, type StudyJob } from './StudyJob.ts'
import { seedNotes, trainingHeader } from './studyHeader.ts'
import { budgetOf, missingWords, printMissing, trainJobs, type TrainCall } from './trainJobs.ts'

/** Shares of the training constitutions; 1 is the main training. */
const SHARES = [0.1, 0.2, 0.4, 0.7, 1] as const
/** Parts of the budget that all molecules are trained with besides. */
const BUDGET_SHARES = [0.125, 0.25, 0.5] as const
/** The fold that is scored. */
const FOLD = '0'
/** Numbers of molecules to which the line is drawn on, as multiples of the largest. */
const BEYOND = [2, 4, 10] as const

/** One training of the study, as its file holds it. */
type Point = SizesStudy['entries'][number]['points'][number]

/** `couplet study sizes`: what the study's file holds of the same settings is kept, whatever the call asks for. */
export async function studySizes(call: TrainCall): Promise<void> {
  const dataset = await readDataset(call.data)
  const path = studyPath(call.results, 'sizes', dataset.name)
  const budget = budgetOf(dataset.name, call.budget)
  const written = readStudy('sizes', path)
  const points = keptPoints(written, dataset, budget)
  const wanted = sizeJobs(dataset, call)
  const fresh = wanted
    .filter((job) => !points.has(keyOf(job)))
    .map((job) => {
      // Further seeds train for as many epochs as the main one, also on a machine of another speed.
      const main = points.get(keyOf({ ...job, seed: MAIN_SEED }))
      const model = entryOf(job.entry)
      const isOnePhase = model.kind === 'network' && model.recipe.small.length === 1
      return main && isOnePhase ? { ...job, epochs: [main.training.epochs] } : job
    })
  if (fresh.length < wanted.length) {
    console.error(`${wanted.length - fresh.length} of ${wanted.length} trainings are in ${path}.`)
  }
  if (call.plan) return printMissing(fresh, call)
  for (const [job, run] of await trainJobs(fresh, call)) {
    points.set(keyOf(job), await pointOf(job, run))
  }
  const kept = written?.entries.flatMap((entry) => entry.points.map(({ seed }) => seed)) ?? []
  const seeds = [...new Set([...call.seeds, ...kept])].toSorted((a, b) => a - b)
  const jobs = sizeJobs(dataset, { seeds, budget })
  const study = sizesOf(dataset, jobs, points, budget)
  await writeStudy('sizes', path, study)
  for (const { entry, points: own, fit } of study.entries) {
    const slope = fit ? `${fit.slope.toFixed(3)} for each factor e` : 'too few sizes for a line'
    console.log(`${entry}: ${own.length} trainings, ${slope}`)
  }
  if (study.partial) console.log(`Partial: ${study.partial}`)
  console.log(`Wrote ${path}`)
}

/** The trainings: every entry, seed and share, then the smaller budgets of the main seed. */
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
    if (!isNetwork || !seeds.includes(MAIN_SEED)) return bySize
    return [...bySize, ...BUDGET_SHARES.map((part) => jobOf(MAIN_SEED, part * whole))]
  })
}

/** What tells one training of the study from another. */
function keyOf({ entry, seed, budget, share }: StudyJob): string {
  return JSON.stringify([entry, seed, budget, share ?? 1])
}

/** Digest of what an entry is trained with, the number of epochs aside. */
function settingsDigest(id: string): string {
  const model = entryOf(id)
  const recipe = model.kind === 'network' ? model.recipe.small : []
  const settings = Object.entries(
    resultConfig(
      presetConfig(model, 'small'),
      recipe.map((phase) => ({ ...phase, epochs: 0 })),
    ),
  ).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const text = JSON.stringify([id, model.entry.version, settings])
  return sha256(text).slice(0, 16)
}

/** The points of a study that was written before, of the same data, budget and settings. */
function keptPoints(
  written: SizesStudy | undefined,
  dataset: Dataset,
  budget: number,
): Map<string, Point> {
  const kept = new Map<string, Point>()
  if (written?.dataset.sha256 !== dataset.sha256 || written.budget !== budget) return kept
  const sizes = new Map<number, number>()
  for (const share of SHARES) {
    const { table } = share < 1 ? withShare(dataset, FOLD, share) : dataset
    sizes.set(constitutionsOf(splitOf(table, FOLD).train), share)
  }
  const whole = Math.max(...sizes.keys())
  for (const { entry, settings, points, byBudget = [] } of written.entries) {
    const isKnown = ENTRIES.some((model) => model.entry.id === entry)
    if (!isKnown || settings !== settingsDigest(entry)) continue
    const job = { entry, data: dataset.source, fold: FOLD } as const
    for (const point of points) {
      const share = sizes.get(point.constitutions)
      if (share === undefined) continue
      kept.set(keyOf({ ...job, seed: point.seed, budget, share }), point)
      if (point.constitutions < whole) continue
      for (const { budget: smaller, ...measured } of byBudget) {
        if (smaller === budget || measured.seed !== point.seed) continue
        kept.set(keyOf({ ...job, seed: point.seed, budget: smaller }), { ...point, ...measured })
      }
    }
  }
  return kept
}

function sizesOf(
  dataset: Dataset,
  jobs: readonly StudyJob[],
  known: ReadonlyMap<string, Point>,
  budget: number,
): SizesStudy {
  const entries: SizesStudy['entries'] = []
  const has = (job: StudyJob): boolean => known.has(keyOf(job))
  for (const entry of new Set(jobs.map((job) => job.entry))) {
    const points: Point[] = []
    const byBudget: NonNullable<SizesStudy['entries'][number]['byBudget']> = []
    const own = jobs.filter((job) => job.entry === entry)
    const isWhole = (seed: number): boolean =>
      own.every((job) => job.seed !== seed || job.budget !== budget || has(job))
    for (const job of own) {
      const point = known.get(keyOf(job))
      const isMain = job.seed === MAIN_SEED
      // Of further seeds whole curves alone, or some sizes would count more than others.
      if (!point || !(isMain || isWhole(job.seed))) continue
      const { seed, score, training } = point
      if (job.budget === budget) points.push(point)
      // Smaller budgets are trained with one seed, and so compared with that seed's whole one.
      if (job.share === undefined && isMain) {
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
    const settings = settingsDigest(entry)
    entries.push({ entry, settings, points, byBudget, fit: line && { ...line, extrapolated } })
  }
  const test = splitOf(dataset.table, FOLD).test!
  return {
    ...trainingHeader(dataset, test, FOLD, missingWords(jobs, { has }), [
      'Smaller training sets are parts of larger ones; all are scored on the same fold.',
      'Every training of the first seed has the same core-seconds, so that fewer molecules are seen more often; further seeds train for its epochs.',
      'Beyond the largest size the line is an extrapolation, no measurement.',
      // A fitted entry has no other seed.
      ...seedNotes(
        entries
          .filter(({ entry }) => entryOf(entry).kind === 'network')
          .map(({ points }) => [...new Set(points.map(({ seed }) => seed))]),
      ),
    ]),
    study: 'sizes',
    budget,
    entries,
  }
}

async function pointOf(job: StudyJob, run: Run): Promise<Point> {
  const dataset = await datasetOf(job)
  const { train } = splitOf(dataset.table, job.fold)
  const { score } = scoreErrors(await outOfFold([run], dataset))
  return {
    constitutions: constitutionsOf(train),
    molecules: train.names.length,
    seed: job.seed,
    score,
    training: await trainingOf([run]),
  }
}

function constitutionsOf(table: MoleculeTable): number {
  return new Set(table.names.map((_, molecule) => foldKey(table, molecule))).size
}
