import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { DATASET_STUDIES, type StudyName } from '@couplet/eval'
import { readResult, readStudy } from '@couplet/eval/node'
import { resultFiles, studyPath } from '../results.ts'
import { inputOf, type InputFile } from './inputs.ts'

/** A study's file that does not follow from the files beside it any more. */
export interface StaleStudy {
  /** Path below the folder of results. */
  readonly path: string
  readonly study: StudyName
  readonly reason: string
}

/** Studies of all results of a data set: a new result makes them stale. */
const OF_ALL_RESULTS: readonly StudyName[] = ['ranks', 'cost']
/** Studies of predictions, which are those of main seeds. */
const OF_MAIN_RESULTS: readonly StudyName[] = ['ensembles', 'errors']
/** Studies of trainings of their own, which are given the spread between seeds of published results: a further seed makes them stale. */
const OF_FURTHER_SEEDS: readonly StudyName[] = ['swaps', 'transfer']

/**
 * The study files whose inputs have changed since, or that lack a result that is there now.
 * @param datasets names of the data sets that have results.
 */
export async function staleStudies(
  results: string,
  datasets: readonly string[],
): Promise<StaleStudy[]> {
  const stale: StaleStudy[] = []
  const note = (path: string, study: StudyName, reason: string | undefined): void => {
    if (reason !== undefined) stale.push({ path: relative(results, path), study, reason })
  }
  const history = studyPath(results, 'history')
  note(history, 'history', await changedInput(results, readStudy('history', history)?.inputs ?? []))
  for (const dataset of datasets) {
    const further = await resultFiles(results, dataset, 'seeds')
    const main = await resultFiles(results, dataset)
    for (const name of DATASET_STUDIES) {
      const path = studyPath(results, name, dataset)
      const study = readStudy(name, path)
      if (!study) continue
      const { inputs } = study
      const known = new Set(inputs.map((input) => input.path))
      const isOfAll = OF_ALL_RESULTS.includes(name)
      const read = [
        ...(isOfAll || OF_MAIN_RESULTS.includes(name) ? main : []),
        ...(isOfAll || OF_FURTHER_SEEDS.includes(name) ? further : []),
      ]
      const fresh = read.find((file) => {
        const ofSameData = readResult(file).dataset.sha256 === study.dataset.sha256
        return ofSameData && !known.has(relative(results, file).replaceAll('\\', '/'))
      })
      const lacks = fresh && `lacks ${relative(results, fresh)}, which is there now`
      note(path, name, (await changedInput(results, inputs)) ?? lacks)
    }
  }
  return stale
}

async function changedInput(
  results: string,
  inputs: readonly InputFile[],
): Promise<string | undefined> {
  for (const input of inputs) {
    const path = join(results, ...input.path.split('/'))
    const isThere = await readFile(path).then(
      () => true,
      () => false,
    )
    if (!isThere) return `was made from ${input.path}, which is not there any more`
    if ((await inputOf(results, path)).sha256 !== input.sha256) {
      return `was made from another ${input.path} than is there now`
    }
  }
  return undefined
}
