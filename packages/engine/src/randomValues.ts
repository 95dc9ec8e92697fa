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
  const generator = mersenne([step, shard, place].reduce(mix, mix(0, seed)))
  return Float32Array.from({ length: count }, () => uniformFloat32(generator))
}

/** Joins a number to a hash (the finaliser of MurmurHash3): a plain sum would give some places the same stream. */
function mix(hash: number, value: number): number {
  let mixed = (Math.imul(hash, 31) + value) | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
