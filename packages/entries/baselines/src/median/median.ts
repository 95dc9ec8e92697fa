import { COUPLING_TYPES } from '@couplet/data'
import { parseEntry, typeScale, type FittedModel } from '@couplet/model'
import entry from './entry.json' with { type: 'json' }

/** The median has nothing to choose. */
export type MedianConfig = Readonly<Record<string, never>>

/**
 * Every pair gets the median coupling of its type, the constant with the smallest mean absolute error. A type that the
 * training molecules have not gets 0 Hz.
 */
export const median: FittedModel<MedianConfig> = {
  specVersion: 'v1',
  kind: 'fitted',
  entry: parseEntry(entry),
  published: {},
  small: {},
  tiny: {},
  prepare: (train) => ({ scale: typeScale(train) }),
  fit({ couplings, pairTypes }) {
    const medians = COUPLING_TYPES.map((_, type) =>
      medianOf(couplings!.filter((_value, pair) => pairTypes[pair] === type)),
    )
    return { medians: { shape: [COUPLING_TYPES.length], data: Float32Array.from(medians) } }
  },
  predict: ({ medians }, { pairTypes }) =>
    Float32Array.from(pairTypes, (type) => medians!.data[type]!),
}

/** The middle value, or the mean of the two middle ones; 0 of nothing. */
function medianOf(values: Float32Array): number {
  if (values.length === 0) return 0
  const sorted = values.toSorted()
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
}
