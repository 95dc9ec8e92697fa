import type { RankedEntry } from '@couplet/eval'
import type { Dataset } from '../Dataset.ts'
import { resultFiles, resultPaths } from '../results.ts'
import type { InputFile } from './inputs.ts'
import { readBasis, type BasisCall } from './readBasis.ts'

/** Published networks with several seeds, and the files that they are in. */
export interface Lenders {
  readonly entries: readonly RankedEntry[]
  readonly inputs: readonly InputFile[]
}

/** Published networks with several seeds, as they lend their spread between seeds to others. */
export async function seedLenders(call: BasisCall, { name }: Dataset): Promise<Lenders> {
  if ((await resultFiles(call.results, name, 'seeds')).length === 0) {
    return { entries: [], inputs: [] }
  }
  const { entries, inputs } = await readBasis(call)
  const lending = entries.filter(({ model, seeds }) => model.kind === 'network' && seeds.length > 1)
  const files = lending.flatMap(({ id, seeds }) =>
    seeds.map(({ result }) => resultPaths('', name, id, result.seed).result.replaceAll('\\', '/')),
  )
  return {
    entries: lending.map(({ id, seeds }) => ({
      entry: id,
      seeds: seeds.map(({ errors }) => errors),
    })),
    inputs: inputs.filter(({ path }) => files.includes(path)),
  }
}
