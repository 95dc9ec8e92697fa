import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostArrays } from '../src/arrays.ts'
import { initialiseParameters } from '../src/ParameterStore.ts'
import type { BenchmarkCase } from './benchmarkCases.ts'
import type { PreparedCase } from './contestants/Contestant.ts'
import { SEED } from './contestants/EngineContestant.ts'

/** Makes a case's arrays and writes them for the peers. */
export function prepareCase(benchmarkCase: BenchmarkCase, folder: string): PreparedCase {
  const batches = benchmarkCase.batches()
  const at = (name: string, arrays: HostArrays): string => {
    const path = join(folder, benchmarkCase.name, name)
    writeArrays(path, arrays)
    return path
  }
  const parameters = at('parameters', initialiseParameters(benchmarkCase.spec, SEED).toArrays())
  const folders = batches.map(({ whole, shards }, index) =>
    [whole, ...shards].map((arrays, part) => at(`batch-${index}-${part}`, arrays)),
  )
  return { benchmarkCase, batches, parameters, folders }
}

/** Named arrays as one file of bytes and one that says where each lies. */
function writeArrays(folder: string, arrays: HostArrays): void {
  mkdirSync(folder, { recursive: true })
  let from = 0
  const index = Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => {
      const to = from + data.byteLength
      const entry = { from, to, shape, type: data instanceof Int32Array ? 'int32' : 'float32' }
      from = to
      return [name, entry]
    }),
  )
  writeFileSync(join(folder, 'index.json'), JSON.stringify(index))
  const bytes = Object.values(arrays).map(
    ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  )
  writeFileSync(join(folder, 'data.bin'), Buffer.concat(bytes))
}
