import { DATASET_STUDIES, type Study } from '@couplet/eval'
import type { APIRoute } from 'astro'
import { readStandings } from '../../../../../lib/datasets.ts'
import { studyOf } from '../../../../../lib/studies.ts'

type DatasetStudy = Study<(typeof DATASET_STUDIES)[number]>

export async function getStaticPaths() {
  const standings = await readStandings()
  return standings.flatMap(({ dataset }) =>
    DATASET_STUDIES.flatMap((name) => {
      const study = studyOf(name, dataset.name)
      return study ? [{ params: { dataset: dataset.name, study: name }, props: { study } }] : []
    }),
  )
}

/** A study as it was written: ranks, ensembles, errors, learning curves, exchanged components, transfer or cost. */
export const GET: APIRoute<{ study: DatasetStudy }> = ({ props: { study } }) => Response.json(study)
