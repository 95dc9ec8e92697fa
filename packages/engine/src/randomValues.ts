import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32'
import { mersenne } from 'pure-rand/generator/mersenne'

/** Uniform numbers in [0, 1): a function of seed, step, shard and the place of the random input in the network alone. */
export function randomValues(
  count: number,
  seed: number,
  step: number,
  shard: number,
  place: number,
): Float32Array {
  const mixed = Math.imul(step * 8191 + shard * 127 + place, 0x9e3779b1)
  const generator = mersenne(seed ^ mixed)
  return Float32Array.from({ length: count }, () => uniformFloat32(generator))
}
