import type { Network } from '@couplet/engine'
import { lossStatistics } from './couplingLoss.ts'
import type { Config, NetworkModel } from './Model.ts'
import type { Loss } from './Recipe.ts'

/** An entry as the engine sees it: outputs of a batch, and the statistics that its loss is made of. */
export function asNetwork(model: NetworkModel, config: Config, loss: Loss): Network {
  return {
    forward(parameters, features, context) {
      const { couplings, contributions } = model.forward(parameters, features, context, config)
      return contributions ? { couplings, contributions } : { couplings }
    },
    statistics: lossStatistics(loss),
  }
}
