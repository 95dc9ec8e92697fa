import { join } from 'node:path'
import type { Curves, DATASET_STUDIES, Study, StudyName } from '@couplet/eval'
import { readStudy } from '@couplet/eval/node'
import type { Standing } from './datasets.ts'
import { RESULTS } from './project.ts'

/** A study of the results of one data set; undefined where it has not been made yet. */
export function studyOf<Name extends StudyName>(
  name: Name,
  dataset: string,
): Study<Name> | undefined {
  return readStudy(name, join(RESULTS, dataset, 'study', `${name}.json`))
}

/** How the training of an entry went; undefined where no curves were published, as for entries that are not trained step by step. */
export function curvesOf(dataset: string, entry: string): Curves | undefined {
  return readStudy('curves', join(RESULTS, dataset, 'curves', `${entry}.json`))
}

/** Results whose entry has changed since. */
export function readStale(): Study<'stale'>['results'] {
  return readStudy('stale', join(RESULTS, 'stale.json'))?.results ?? []
}

/** The competition of 2019 and the ensembles of 2021. */
export function readHistory(): Study<'history'> | undefined {
  return readStudy('history', join(RESULTS, 'history.json'))
}

/** Parts of a study that say what it is about. */
export type StudyHeader = Pick<
  Study<(typeof DATASET_STUDIES)[number]>,
  'study' | 'dataset' | 'fold' | 'counts' | 'partial' | 'notes'
>

/** Whether the study is about another state of the data than the results that are shown. */
export function isOutdated(study: StudyHeader, { results }: Pick<Standing, 'results'>): boolean {
  return results.some((result) => result.dataset.sha256 !== study.dataset.sha256)
}
