import type { Result } from '@couplet/eval'
import { presetConfig, type AnyModel, type Config, type Recipe } from '@couplet/model'

/** The settings that a result records: hyperparameters, and the recipe as `recipe/train/epochs` and so on. */
export function resultConfig(config: Config, recipe: Recipe): Result['config'] {
  const phases = recipe.flatMap(({ name, loss, ...phase }) => [
    ...Object.entries(phase).map(([key, value]) => [`recipe/${name}/${key}`, value] as const),
    ...Object.entries(loss).map(([key, value]) => [`recipe/${name}/loss/${key}`, value] as const),
  ])
  return { ...config, ...Object.fromEntries(phases) }
}

/** Why a committed result is not about the entry as it is now; nothing where it is. */
export function staleReason(result: Result, model: AnyModel): string | undefined {
  if (result.entry.version !== model.entry.version) return `stale: version ${result.entry.version}`
  const recipe = model.kind === 'network' ? model.recipe.small : []
  const current = resultConfig(presetConfig(model, 'small'), recipe)
  const keys = new Set([...Object.keys(current), ...Object.keys(result.config)])
  const changed = [...keys].filter((key) => current[key] !== result.config[key])
  return changed.length > 0 ? `stale: other ${changed.join(', ')}` : undefined
}
