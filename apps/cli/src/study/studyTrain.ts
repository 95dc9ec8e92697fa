import { existsSync } from 'node:fs'
import { OPEN_DATASETS, type Result } from '@couplet/eval'
import { readResult, readStudy } from '@couplet/eval/node'
import { counted } from '../counted.ts'
import { readDataset, type Dataset } from '../Dataset.ts'
import { ENTRIES, entryOf } from '../entries.ts'
import { withProgress } from '../ProgressLine.ts'
import { entryChange, epochsWithin, resultConfig } from '../resultConfig.ts'
import { MAIN_SEED, resultFiles, resultPaths, studyPath } from '../results.ts'
import type { Run } from '../Run.ts'
import { scoreRuns } from '../scoreRuns.ts'
import { UsageError } from '../UsageError.ts'
import { isWhole, publishResults } from './publishResults.ts'
import type { StudyJob } from './StudyJob.ts'
import { budgetOf, missingWords, printMissing, trainJobs, type TrainCall } from './trainJobs.ts'

const FOLDS = ['0', '1', '2', '3', '4'] as const

/** `couplet study train`: the comparison's own trainings, scored and published. */
export async function studyTrain(call: TrainCall & { readonly best?: number }): Promise<void> {
  const dataset = await readDataset(call.data)
  const entries = call.best === undefined ? call.entries : bestEntries(call, dataset, call.best)
  const jobs = mainJobs(dataset, { ...call, ...(entries ? { entries } : {}) }).map((job) => {
    const epochs = publishedEpochs(job, call, dataset)
    return epochs === undefined ? job : { ...job, epochs }
  })
  if (call.plan) return printMissing(jobs, call)
  const found = await trainJobs(jobs, call)
  await withProgress(
    'publishing',
    async (line) => {
      const groups = completeGroups(jobs, found)
      const published = await publishedKeys(call.results, dataset.name)
      const fresh = groups.filter(([run]) => !published.has(keyOf(run!)))
      for (const [index, runs] of fresh.entries()) {
        const { id } = runs[0]!.plan.entry
        const scored = await scoreRuns(runs, dataset, (share) =>
          line.update((index + share) / fresh.length, id),
        )
        await publishResults([scored], [runs], call.results)
      }
      return { fresh, groups }
    },
    ({ fresh, groups }) =>
      `${counted(fresh.length, 'result')} written, ${groups.length - fresh.length} already there`,
  )
  const missing = missingWords(jobs, found)
  if (missing) console.log(`Partial: ${missing}`)
  const data = OPEN_DATASETS.includes(dataset.name)
    ? ''
    : ` --data ${call.data} --runs ${call.runs}`
  console.log(`Next: couplet study ranks${data}`)
}

/** Five folds of every entry and seed: the main seed of all entries first. Fitted entries are trained once. */
export function mainJobs(
  dataset: Pick<Dataset, 'name' | 'source'>,
  { entries, seeds, budget }: Pick<TrainCall, 'entries' | 'seeds' | 'budget'>,
): StudyJob[] {
  const models = entries ? entries.map((id) => entryOf(id)) : ENTRIES
  return seeds.flatMap((seed) =>
    models
      .filter(({ kind }) => kind === 'network' || seed === MAIN_SEED)
      .flatMap(({ entry }) =>
        FOLDS.map((fold) => ({
          entry: entry.id,
          data: dataset.source,
          fold,
          seed,
          budget: budgetOf(dataset.name, budget),
        })),
      ),
  )
}

/**
 * Epochs of each phase that the main seed of a network was published with; undefined where none of these data, settings and budget is. All seeds train
 * for as many, also on a machine of another speed: seeds of other epochs are not averaged. Without that result, the budget's speed is measured anew.
 */
function publishedEpochs(
  { entry, budget }: StudyJob,
  { results }: TrainCall,
  { name, sha256 }: Dataset,
): number[] | undefined {
  const path = resultPaths(results, name, entry).result
  const model = entryOf(entry)
  if (!existsSync(path) || model.kind !== 'network') return undefined
  const result = readResult(path)
  const isSame = result.dataset.sha256 === sha256 && entryChange(result, model) === undefined
  return isSame ? epochsWithin(result, model.recipe.small, budget) : undefined
}

/** Entries that may be among the best so many, by the ranks that are written. */
function bestEntries({ results }: TrainCall, { name, sha256 }: Dataset, best: number): string[] {
  const path = studyPath(results, 'ranks', name)
  const ranks = readStudy('ranks', path)
  if (ranks?.dataset.sha256 !== sha256) {
    throw new UsageError(
      `${path} holds no ranks of these data, by which the best are chosen. Call \`couplet study ranks\` first.`,
    )
  }
  return ranks.entries.filter(({ rank }) => rank.best <= best).map(({ entry }) => entry)
}

/** Runs of an entry and seed of which all five folds are complete. */
function completeGroups(jobs: readonly StudyJob[], found: ReadonlyMap<StudyJob, Run>): Run[][] {
  const groups = new Map<string, Run[]>()
  for (const job of jobs) {
    const run = found.get(job)
    const key = `${job.entry} ${job.seed}`
    if (run) groups.set(key, [...(groups.get(key) ?? []), run])
  }
  return [...groups.values()].filter((runs) => runs.length === FOLDS.length)
}

/** What is published: entry, version, data, settings and seed. */
async function publishedKeys(results: string, dataset: string): Promise<Set<string>> {
  const paths = [
    ...(await resultFiles(results, dataset)),
    ...(await resultFiles(results, dataset, 'seeds')),
  ]
  return new Set(
    paths.map((path) => {
      const result = readResult(path)
      const { entry, dataset: data, config, seed } = result
      // A result of before that is not whole is published again.
      return isWhole(result) ? identity(entry, data.sha256, config, seed) : ''
    }),
  )
}

function keyOf({ plan }: Run): string {
  const { entry, dataset, config, recipe, budget, seed } = plan
  return identity(entry, dataset.sha256, resultConfig(config, recipe, budget), seed)
}

function identity(
  { id, version }: Result['entry'],
  sha256: string,
  config: Result['config'],
  seed: number,
): string {
  const settings = Object.entries(config).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([id, version, sha256, settings, seed])
}
