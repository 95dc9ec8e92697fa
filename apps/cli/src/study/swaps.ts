import type { Config, Recipe } from '@couplet/model'
import { UsageError } from '../UsageError.ts'

interface Settings {
  readonly config: Config
  readonly recipe: Recipe
}

/** One component of one entry, and what it is exchanged for. */
export interface Swap {
  /** Its name. */
  readonly name: string
  readonly entry: string
  /** The component, for people. */
  readonly component: string
  /** The setting as it is in the entry, and as it is exchanged. */
  readonly from: string
  readonly to: string
  /** Exchanges it. */
  readonly apply: (own: Settings) => Settings
}

/** Every exchange of the study: one setting each, all else equal. */
export const SWAPS: readonly Swap[] = [
  ofConfig(
    'angle-messages',
    'megnet',
    'messages between edges with their angle',
    'angleMessages',
    true,
    false,
  ),
  ofConfig(
    'trained-scorer',
    'edge-graph-attention',
    'attention that is trained, not frozen at random',
    'scorer',
    'trained',
    'frozen',
  ),
  ofConfig(
    'path-measures',
    'message-passing-transformer',
    'cosine of the dihedral, lengths and angles of the path',
    'pathMeasures',
    true,
    false,
  ),
  ofConfig(
    'edge-residual',
    'edge-update-schnet',
    'residual updates of edges',
    'edgeResidual',
    true,
    false,
  ),
  ofConfig('skip', 'megnet', 'skip connections', 'skip', true, false),
  ofConfig(
    'distance-bias',
    'meta-graph-transformer',
    'attention that squared distance weakens',
    'distanceBias',
    true,
    false,
  ),
  ofConfig(
    'gates',
    'edge-graph-attention',
    'gates that mix old and new states, not their sum',
    'gates',
    true,
    false,
  ),
  ofConfig(
    'type-heads',
    'edge-update-schnet',
    'a head for every coupling type, not one for all',
    'privateHeads',
    true,
    false,
  ),
  ofPhase(
    'five-target-loss',
    'pair-transformer',
    'loss on coupling and its four contributions',
    'contributions=1',
    'contributions=0',
    (phase) => ({
      ...phase,
      loss: { ...phase.loss, contributions: 0 },
    }),
  ),
  ofPhase(
    'rotation',
    'coordinate-transformer',
    'training molecules in random orientations',
    'augmentation=rotation',
    'augmentation=none',
    (phase) => ({
      ...phase,
      augmentation: 'none',
    }),
  ),
  ofPhase(
    'weight-averaging',
    'edge-update-schnet',
    'moving average of the weights',
    'averageDecay=0.999',
    'averageDecay=0',
    (phase) => ({
      ...phase,
      averageDecay: 0,
    }),
  ),
]

/**
 * The exchange of a name.
 * @throws UsageError that lists the known ones.
 */
export function swapOf(name: string): Swap {
  const swap = SWAPS.find((one) => one.name === name)
  if (swap) return swap
  throw new UsageError(
    `there is no swap ${name}. Known swaps: ${SWAPS.map((one) => one.name).join(', ')}.`,
  )
}

function ofConfig(
  name: string,
  entry: string,
  component: string,
  setting: string,
  from: Config[string],
  to: Config[string],
): Swap {
  return {
    name,
    entry,
    component,
    from: `${setting}=${from}`,
    to: `${setting}=${to}`,
    apply({ config, recipe }) {
      // A component that a configuration does not speak of is there.
      const own = config[setting] ?? true
      if (own !== from) {
        throw new UsageError(
          `${entry} has ${setting}=${own}, not ${from}: the swap ${name} exchanges nothing that it has. Mend it in swaps.ts.`,
        )
      }
      return { config: { ...config, [setting]: to }, recipe }
    },
  }
}

function ofPhase(
  name: string,
  entry: string,
  component: string,
  from: string,
  to: string,
  change: (phase: Recipe[number]) => Recipe[number],
): Swap {
  return {
    name,
    entry,
    component,
    from,
    to,
    apply({ config, recipe }) {
      const changed = recipe.map(change)
      if (JSON.stringify(changed) === JSON.stringify(recipe)) {
        throw new UsageError(
          `the recipe of ${entry} is the same with ${to}: the swap ${name} exchanges nothing. Mend it in swaps.ts.`,
        )
      }
      return { config, recipe: changed }
    },
  }
}
