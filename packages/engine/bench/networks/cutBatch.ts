import type { HostArray, HostArrays } from '../../src/arrays.ts'

/** The feature whose rows an index feature counts. */
const countedBy: Readonly<Record<string, string>> = {
  first: 'atoms',
  second: 'atoms',
  pairRows: 'pairs',
  sources: 'atoms',
  targets: 'atoms',
  graphs: 'target',
}

/** A part of a batch with its share of the molecules: every feature by its leading axis, weights by their columns. */
export function cutBatch(batch: HostArrays, part: number, parts: number): HostArrays {
  return Object.fromEntries(
    Object.entries(batch).map(([name, array]) => {
      if (name === 'weights') return [name, columns(array, part, parts)]
      const { shape, data } = array
      const size = data.length / parts
      const own = data.slice(part * size, (part + 1) * size)
      const counted = batch[countedBy[name] ?? '']
      const offset = counted ? (counted.shape[0]! * part) / parts : 0
      return [
        name,
        { shape: shape.with(0, shape[0]! / parts), data: own.map((value) => value - offset) },
      ]
    }),
  )
}

function columns({ shape, data }: HostArray, part: number, parts: number): HostArray {
  const [rows, whole] = shape as [number, number]
  const width = whole / parts
  const own = Float32Array.from({ length: rows * width }, (_, k) => {
    return data[Math.floor(k / width) * whole + part * width + (k % width)]!
  })
  return { shape: [rows, width], data: own }
}
