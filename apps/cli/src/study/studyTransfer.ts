import { foldKey } from '@couplet/data'
import type { TransferStudy } from '@couplet/eval'
import { writeStudy } from '@couplet/eval/node'
import { EMBEDDED, readDataset, type Dataset } from '../Dataset.ts'
import { ENTRIES, entryOf } from '../entries.ts'
import { studyPath } from '../results.ts'
import { RESAMPLING } from '../scoreRuns.ts'
import { UsageError } from '../UsageError.ts'
import { pairedChange } from './pairedChange.ts'
import { seedLenders } from './seedLenders.ts'
import { scoredMolecules } from './readBasis.ts'
import { withoutShared, type StudyJob } from './StudyJob.ts'
import { seedNotes, trainingHeader } from './studyHeader.ts'
import { mainJobs } from './studyTrain.ts'
import {
  budgetOf,
  missingWords,
  printMissing,
  trainJobs,
  type JobRuns,
  type TrainCall,
} from './trainJobs.ts'

/** `couplet study transfer`. */
export async function studyTransfer(call: TrainCall): Promise<void> {
  if (call.data === EMBEDDED) {
    throw new UsageError(
      `networks are trained on ${EMBEDDED} first and then on other data. Give the competition's with --data.`,
    )
  }
  const dataset = await readDataset(call.data)
  const source = await readDataset(EMBEDDED)
  const first = withoutShared(source, dataset)
  const dropped = source.table.names.length - first.table.names.length
  console.error(
    `${dropped} of ${source.table.names.length} molecules of ${EMBEDDED} are left out: their constitution occurs in ${dataset.name}.`,
  )
  const firstJobs = pretrainingJobs(dataset, call)
  const own = mainJobs(dataset, { ...call, entries: networks(call) })
  const fineTuning = (job: StudyJob, from: string): StudyJob[] =>
    own
      .filter(({ entry, seed }) => entry === job.entry && seed === job.seed)
      .map((one) => ({ ...one, from }))
  if (call.plan) {
    const after = firstJobs.flatMap((job) => fineTuning(job, `after ${job.entry}`))
    return printMissing([...firstJobs, ...own, ...after], call)
  }
  const firstRuns = await trainJobs(firstJobs, call)
  const after = firstJobs.flatMap((job) => {
    const run = firstRuns.get(job)
    return run ? fineTuning(job, run.folder) : []
  })
  const jobs = [...own, ...after]
  const found = await trainJobs(jobs, call)
  const all = [...firstJobs, ...jobs]
  const partial = missingWords(all, new Map([...firstRuns, ...found]))
  const study = await transferOf({ dataset, source, first, own, after, found, partial }, call)
  const path = studyPath(call.results, 'transfer', dataset.name)
  await writeStudy('transfer', path, study)
  for (const { entry, difference } of study.entries) {
    const { value, low, high } = difference
    console.log(`${entry}: ${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`)
  }
  if (study.partial) console.log(`Partial: ${study.partial}`)
  console.log(`Wrote ${path}`)
}

/** One training on the embedded data set for every network and seed, molecules of the other data left out. */
export function pretrainingJobs(
  dataset: Pick<Dataset, 'source'>,
  call: Pick<TrainCall, 'entries' | 'seeds' | 'budget'>,
): StudyJob[] {
  return networks(call).flatMap((entry) =>
    call.seeds.map((seed) => ({
      entry,
      data: EMBEDDED,
      fold: 'none' as const,
      seed,
      budget: budgetOf(EMBEDDED, call.budget),
      without: dataset.source,
    })),
  )
}

/** Fitted entries have no weights to start from. */
function networks({ entries }: Pick<TrainCall, 'entries'>): string[] {
  const fitted = entries?.find((id) => entryOf(id).kind === 'fitted')
  if (fitted !== undefined) {
    throw new UsageError(
      `${fitted} is no network: it cannot be fine-tuned. Leave it out of --entries.`,
    )
  }
  return [
    ...(entries ?? ENTRIES.filter(({ kind }) => kind === 'network').map(({ entry }) => entry.id)),
  ]
}

interface Trainings {
  readonly dataset: Dataset
  readonly source: Dataset
  readonly first: Dataset
  readonly own: readonly StudyJob[]
  readonly after: readonly StudyJob[]
  readonly found: JobRuns
  readonly partial: string | null
}

async function transferOf(
  { dataset, source, first, own, after, found, partial }: Trainings,
  call: TrainCall,
): Promise<TransferStudy> {
  const entries: TransferStudy['entries'] = []
  const lenders = await seedLenders(call, dataset)
  for (const entry of networks(call)) {
    const ofEntry = (jobs: readonly StudyJob[]): StudyJob[] =>
      jobs.filter((job) => job.entry === entry)
    const change = await pairedChange(dataset, found, {
      seeds: call.seeds,
      before: ofEntry(own),
      after: ofEntry(after),
      lenders: lenders.entries,
      comparisons: 1,
    })
    if (!change) continue
    const { seeds, before, after: score, difference } = change
    const training = { without: change.beforeTraining, with: change.afterTraining }
    entries.push({ entry, seeds, without: before, with: score, difference, training })
  }
  const constitutions = ({ table }: Dataset): number =>
    new Set(table.names.map((_, molecule) => foldKey(table, molecule))).size
  return {
    ...trainingHeader(dataset, scoredMolecules(dataset.table), 'all', partial, [
      `Training on ${source.name} first takes ${budgetOf(source.name, call.budget)} core-seconds more: a part of a gain may be that of a longer training.`,
      'A network that was trained before keeps the scales of its first data.',
      ...seedNotes(
        entries.map((entry) => entry.seeds),
        lenders.entries,
      ),
    ]),
    inputs: [...lenders.inputs],
    study: 'transfer',
    budget: budgetOf(dataset.name, call.budget),
    resampling: { ...RESAMPLING, level: 0.95 },
    pretraining: {
      dataset: source.name,
      sha256: source.sha256,
      molecules: first.table.names.length,
      dropped: {
        molecules: source.table.names.length - first.table.names.length,
        constitutions: constitutions(source) - constitutions(first),
      },
    },
    entries,
  }
}
