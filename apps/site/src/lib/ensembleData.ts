import { COUPLING_TYPES } from '@couplet/data'
import { isTuning, readOpenData } from './openMolecules.ts'

/** Out-of-fold predictions of the entries that published some, of the couplings that all of them predicted. */
export async function ensembleData() {
  const { molecules, predictions } = await readOpenData()
  const entries = [...predictions.keys()]
  const pairs = molecules
    .filter((molecule) => !isTuning(molecule))
    .flatMap(({ fold, pairs: own }) => own.map((pair) => ({ ...pair, fold })))
    .filter(({ index }) =>
      [...predictions.values()].every((values) => !Number.isNaN(values[index]!)),
    )
  return { entries, pairs: entries.length > 0 ? pairs : [], predictions }
}

/**
 * The same as bytes: labels `[pairs]`, predictions `[entries][pairs]` in hertz as little-endian float32, then the index of each
 * type `[pairs]` and each fold `[pairs]` as bytes.
 */
export async function ensembleBytes(): Promise<Uint8Array<ArrayBuffer>> {
  const { entries, pairs, predictions } = await ensembleData()
  const numbers = new Float32Array(pairs.length * (1 + entries.length))
  const bytes = new Uint8Array(numbers.byteLength + 2 * pairs.length)
  for (const [row, { index, coupling, type, fold }] of pairs.entries()) {
    numbers[row] = coupling
    for (const [place, entry] of entries.entries()) {
      numbers[(place + 1) * pairs.length + row] = predictions.get(entry)![index]!
    }
    bytes[numbers.byteLength + row] = COUPLING_TYPES.indexOf(type)
    bytes[numbers.byteLength + pairs.length + row] = fold
  }
  bytes.set(new Uint8Array(numbers.buffer))
  return bytes
}
