import type { SwapsStudy } from '@couplet/eval'
import { writeStudy } from '@couplet/eval/node'
import { readDataset, type Dataset } from '../Dataset.ts'
import { studyPath } from '../results.ts'
import { RESAMPLING } from '../scoreRuns.ts'
import { scoredMolecules } from './readBasis.ts'
import { pairedChange } from './pairedChange.ts'
import { seedLenders } from './seedLenders.ts'
import type { StudyJob } from './StudyJob.ts'
import { seedNotes, trainingHeader } from './studyHeader.ts'
import { mainJobs } from './studyTrain.ts'
import { SWAPS, swapOf } from './swaps.ts'
import {
  budgetOf,
  missingWords,
  printMissing,
  trainJobs,
  type JobRuns,
  type TrainCall,
} from './trainJobs.ts'

/** `couplet study swaps`. */
export async function studySwaps(
  call: TrainCall & { readonly swaps?: readonly string[] },
): Promise<void> {
  const dataset = await readDataset(call.data)
  const names = call.swaps ?? SWAPS.map(({ name }) => name)
  const jobs = swapJobs(dataset, names, call)
  if (call.plan) return printMissing(jobs, call)
  const found = await trainJobs(jobs, call)
  const study = await swapsOf(dataset, names, jobs, found, call)
  const path = studyPath(call.results, 'swaps', dataset.name)
  await writeStudy('swaps', path, study)
  for (const { swap, entry, from, to, difference } of study.swaps) {
    const { value, low, high } = difference
    console.log(
      `${swap}: ${entry}, ${from} to ${to}: ${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`,
    )
  }
  if (study.partial) console.log(`Partial: ${study.partial}`)
  console.log(`Wrote ${path}`)
}

/** Five folds of every swap, and of the entries as they are, which the main study may have trained already. */
export function swapJobs(
  dataset: Pick<Dataset, 'name' | 'source'>,
  names: readonly string[],
  { seeds, budget }: Pick<TrainCall, 'seeds' | 'budget'>,
): StudyJob[] {
  const entries = [...new Set(names.map((name) => swapOf(name).entry))]
  const own = mainJobs(dataset, { entries, seeds, ...(budget === undefined ? {} : { budget }) })
  const swapped = names.flatMap((swap) =>
    own.filter(({ entry }) => entry === swapOf(swap).entry).map((job) => ({ ...job, swap })),
  )
  return [...own, ...swapped]
}

async function swapsOf(
  dataset: Dataset,
  names: readonly string[],
  jobs: readonly StudyJob[],
  found: JobRuns,
  call: TrainCall,
): Promise<SwapsStudy> {
  const swaps: SwapsStudy['swaps'] = []
  const { seeds, budget } = call
  const lenders = await seedLenders(call, dataset)
  for (const name of names) {
    const { entry, component, from, to } = swapOf(name)
    const ofEntry = jobs.filter((job) => job.entry === entry)
    const change = await pairedChange(dataset, found, {
      seeds,
      before: ofEntry.filter(({ swap }) => swap === undefined),
      after: ofEntry.filter(({ swap }) => swap === name),
      lenders: lenders.entries,
      comparisons: names.length,
    })
    if (!change) continue
    const { before, after, difference, atOnce } = change
    const scores = { score: before, swapped: after, difference, atOnce, seeds: change.seeds }
    const training = { own: change.beforeTraining, swapped: change.afterTraining }
    swaps.push({ swap: name, entry, component, from, to, ...scores, training })
  }
  return {
    ...trainingHeader(dataset, scoredMolecules(dataset.table), 'all', missingWords(jobs, found), [
      'Every training has the same core-seconds: a component that costs time must be worth it.',
      'A positive difference: the entry is worse without its component.',
      'Each interval holds by itself, not for all components at once.',
      'Presets were tuned with their components in place, which favours these.',
      ...seedNotes(
        swaps.map((swap) => swap.seeds),
        lenders.entries,
      ),
    ]),
    inputs: [...lenders.inputs],
    study: 'swaps',
    budget: budgetOf(dataset.name, budget),
    resampling: { ...RESAMPLING, level: 0.95 },
    swaps,
  }
}
