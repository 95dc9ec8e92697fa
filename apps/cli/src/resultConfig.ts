import { readDft, readDftVersion } from '@couplet/dft'
import type { Result } from '@couplet/eval'
import { presetConfig, type AnyModel, type Config, type Recipe } from '@couplet/model'

/** Name under which a result records the core-seconds of its training's budget. */
const BUDGET = 'recipe/budget'

/**
 * The settings that a result records: hyperparameters, and the recipe as `recipe/train/epochs` and so on.
 * @param budget core-seconds that the epochs were chosen for, if they were.
 */
export function resultConfig(config: Config, recipe: Recipe, budget?: number): Result['config'] {
  const phases = recipe.flatMap(({ name, loss, ...phase }) => [
    ...Object.entries(phase).map(
      ([key, value]) => [`recipe/${name}/${key}`, plain(value)] as const,
    ),
    ...Object.entries(loss).map(
      ([key, value]) => [`recipe/${name}/loss/${key}`, plain(value)] as const,
    ),
  ])
  return {
    ...config,
    ...Object.fromEntries(phases),
    ...(budget === undefined ? {} : { [BUDGET]: budget }),
  }
}

/** Epochs of each phase that a result was trained for within a budget of core-seconds; undefined where it had another budget, or none. */
export function epochsWithin(
  { config }: Result,
  recipe: Recipe,
  budget: number,
): number[] | undefined {
  return config[BUDGET] === budget
    ? recipe.map(({ name }) => Number(config[`recipe/${name}/epochs`]))
    : undefined
}

/** Lists, such as the corners of a schedule, as text. */
function plain(value: Result['config'][string] | readonly unknown[]): Result['config'][string] {
  return typeof value === 'object' ? JSON.stringify(value) : value
}

/** The data set that comes with the project, as it is now. */
export interface InstalledData {
  readonly name: string
  readonly sha256: string
  /** Its frozen versions. */
  readonly versions: readonly { readonly version: number; readonly sha256: string }[]
}

/** Reads what {@link staleReason} compares with. */
export async function installedData(): Promise<InstalledData> {
  const { dataset } = await readDft()
  const { versions } = await readDftVersion()
  return { name: dataset.name, sha256: dataset.sha256, versions }
}

/** Why a committed result is not about the entry, or the data, as they are now; nothing where it is. */
export function staleReason(
  result: Result,
  model: AnyModel,
  { name, sha256, versions }: InstalledData,
): string | undefined {
  if (result.dataset.name === name && result.dataset.sha256 !== sha256) {
    const version = versions.find((one) => one.sha256 === result.dataset.sha256)
    return version ? `stale: version ${version.version} of the data` : 'stale: other data'
  }
  const changed = entryChange(result, model)
  return changed && `stale: ${changed}`
}

/** In what the entry is another than that of a committed result, version or settings; nothing where it is the same. */
export function entryChange(result: Result, model: AnyModel): string | undefined {
  if (result.entry.version !== model.entry.version) return `version ${result.entry.version}`
  const recipe = model.kind === 'network' ? model.recipe.small : []
  const current = resultConfig(presetConfig(model, 'small'), recipe)
  const keys = new Set([...Object.keys(current), ...Object.keys(result.config)])
  // Under a budget, the machine's speed says how many epochs there are.
  const chosen = (key: string): boolean =>
    result.config[BUDGET] !== undefined && (key === BUDGET || key.endsWith('/epochs'))
  const changed = [...keys].filter((key) => current[key] !== result.config[key] && !chosen(key))
  return changed.length > 0 ? `other ${changed.join(', ')}` : undefined
}
