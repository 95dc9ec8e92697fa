import { createRequire } from 'node:module'
import { sha256 } from '@couplet/data/node'
import { OPEN_DATASETS } from '@couplet/eval'
import type { FeatureSource } from '@couplet/model'
import type { RunPlan } from './Run.ts'

/** Level of the labels that everything here was trained on. */
export const LEVEL = 'B3LYP/6-31G(2df,p)'

/** What an exported file says of the run behind it. */
export function exportNotes({ dataset, fold }: RunPlan): Record<string, string> {
  const require = createRequire(import.meta.url)
  const versionOf = (manifest: string): string => (require(manifest) as { version: string }).version
  return {
    level: LEVEL,
    dataset: `${dataset.name} ${dataset.sha256}`,
    fold,
    weightsLicence: weightsLicence(dataset.name),
    author: 'The Couplet contributors',
    couplet: versionOf('../package.json'),
    engine: versionOf('@couplet/engine/package.json'),
  }
}

/** On what terms weights can be passed on: those of the data that they were learnt from. */
export function weightsLicence(dataset: string): string {
  return OPEN_DATASETS.includes(dataset)
    ? `MIT; learnt from ${dataset}, which is CC0-1.0`
    : 'learnt from the data of the competition champs-scalar-coupling, which are CC BY-NC-SA 4.0 (Bratholm et al. 2021): not for commercial use, with credit, under the same licence'
}

/** Equal for a network and features that belong together: a checksum of everything that features follow from beside the molecules. */
export function featuresKey({ model, config, state }: FeatureSource): string {
  const { id, version } = model.entry
  const identity = JSON.stringify([id, version, config, state])
  return sha256(identity).slice(0, 16)
}
