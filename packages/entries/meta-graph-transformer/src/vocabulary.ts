import { COUPLING_TYPES, type MoleculeTable } from '@couplet/data'
import { perceiveChemistry } from '@couplet/data/chemistry'
import { CLASSES, metaGraph } from './metaGraph.ts'

/** What is learnt of the training molecules' tokens before training. */
export interface Vocabulary {
  /** Symbols of every level of every class, in the order of their embeddings: `[class][level][symbols]`. */
  readonly symbols: readonly (readonly (readonly string[])[])[]
  /** Mean and standard deviation in hertz of the couplings of each symbol of the pairs' second level; 0 and 1 for uncoupled ones. */
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
  /** The subtype that stands in for one that is not known, for each coupling type: the commonest. */
  readonly fallback: readonly string[]
}

/** Level of the pairs at which every symbol has a head and a scale of its own. */
export const SUBTYPE_LEVEL = 1

/**
 * Lists the symbols of the training molecules. Subtypes of a coupling with fewer than `rare` pairs are taken together under the
 * bare type.
 */
export function buildVocabulary(molecules: MoleculeTable, reach: number, rare: number): Vocabulary {
  const chemistry = perceiveChemistry(molecules, { onFailure: 'mark' })
  const sets = [3, 3, 2].map((levels) => Array.from({ length: levels }, () => new Set<string>()))
  const labels = new Map<string, number[]>()
  const ofType = COUPLING_TYPES.map((): Map<string, number> => new Map())
  for (let molecule = 0; molecule < molecules.names.length; molecule++) {
    const graph = metaGraph(molecules, chemistry, molecule, reach)
    CLASSES.forEach((name, index) => {
      for (const { symbols } of graph[name])
        symbols.forEach((symbol, level) => sets[index]![level]!.add(symbol))
    })
    const first = molecules.pairOffsets[molecule]!
    for (let pair = first; pair < molecules.pairOffsets[molecule + 1]!; pair++) {
      const subtype = graph.pairs[pair - first]!.symbols[SUBTYPE_LEVEL]!
      const known = labels.get(subtype) ?? []
      known.push(molecules.couplings?.[pair] ?? 0)
      labels.set(subtype, known)
      const counts = ofType[molecules.pairTypes[pair]!]!
      counts.set(subtype, (counts.get(subtype) ?? 0) + 1)
    }
  }
  const subtypes = sets[1]![SUBTYPE_LEVEL]!
  COUPLING_TYPES.forEach((name, type) => {
    subtypes.add(name)
    const kept = [...ofType[type]!].filter(([subtype, count]) => count >= rare && subtype !== name)
    const scarce = [...ofType[type]!.keys()].filter(
      (subtype) => subtype !== name && !kept.some(([other]) => other === subtype),
    )
    for (const subtype of scarce) {
      subtypes.delete(subtype)
      labels.set(name, [...(labels.get(name) ?? []), ...labels.get(subtype)!])
      ofType[type]!.set(name, (ofType[type]!.get(name) ?? 0) + ofType[type]!.get(subtype)!)
      ofType[type]!.delete(subtype)
    }
  })
  const symbols = sets.map((levels) => levels.map((set) => [...set].toSorted()))
  const scales = symbols[1]![SUBTYPE_LEVEL]!.map((symbol) => scaleOf(labels.get(symbol) ?? []))
  return {
    symbols,
    mean: scales.map(({ mean }) => mean),
    deviation: scales.map(({ deviation }) => deviation),
    fallback: ofType.map(
      (counts, type) =>
        [...counts].toSorted(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))[0]?.[0] ??
        COUPLING_TYPES[type]!,
    ),
  }
}

function scaleOf(values: readonly number[]): { mean: number; deviation: number } {
  if (values.length === 0) return { mean: 0, deviation: 1 }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: variance > 1e-12 ? Math.sqrt(variance) : 1 }
}
