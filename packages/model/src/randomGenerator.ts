import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A stream of random numbers, fixed by the seed. */
export type RandomGenerator = ReturnType<typeof xoroshiro128plus>

/** First numbers of a stream that are thrown away, because little of the seed has spread into them. */
const WARM_UP = 16

/**
 * A stream of random numbers for an integer seed.
 *
 * Epochs count their seeds up by one, and the generator's first numbers are nearly the same for neighbouring seeds: without the mixing, the
 * same molecule would stand last in every epoch's order and be turned by nearly the same rotation.
 */
export function randomGenerator(seed: number): RandomGenerator {
  const generator = xoroshiro128plus(mixed(seed))
  for (let draw = 0; draw < WARM_UP; draw++) generator.next()
  return generator
}

/** Spreads every bit of a 32-bit integer over all of them (the finaliser of MurmurHash3, Appleby 2011). */
function mixed(seed: number): number {
  let bits = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
