import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { EvalError } from './EvalError.ts'

/** A seeded source of random numbers: equal seeds give equal sequences on every machine. */
export interface RandomGenerator {
  /** A number drawn evenly from 0 (included) to 1 (excluded), a multiple of 2^-32. */
  next(): number
}

const LARGEST_SEED = 0xffff_ffff

/**
 * Opens a sequence of random numbers: xoroshiro128+ of the package `pure-rand`, 32 bits a draw.
 *
 * @param seed whole number from 0 to 4294967295; anything else is an {@link EvalError}.
 */
export function randomGenerator(seed: number): RandomGenerator {
  if (!Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) {
    throw new EvalError(`The seed is ${seed}. Give a whole number from 0 to ${LARGEST_SEED}.`)
  }
  const generator = xoroshiro128plus(scramble(seed))
  // Much of the initial state is zeros: let it spread before the first number is used.
  for (let skipped = 0; skipped < 32; skipped++) generator.next()
  return { next: () => (generator.next() >>> 0) * 2 ** -32 }
}

/** Spreads neighbouring seeds far apart: the finaliser of MurmurHash3, which maps no two seeds to one. */
function scramble(seed: number): number {
  let hash = seed | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return hash ^ (hash >>> 16)
}
