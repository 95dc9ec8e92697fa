import { mersenne } from 'pure-rand/generator/mersenne'
import { EvalError } from './EvalError.ts'

/** A seeded source of random numbers: equal seeds give equal sequences on every machine. */
export interface RandomGenerator {
  /** A number drawn evenly from 0 (included) to 1 (excluded), a multiple of 2^-32. */
  next(): number
}

const LARGEST_SEED = 0xffff_ffff

/**
 * Opens a sequence of random numbers: Mersenne Twister (Matsumoto and Nishimura 1998), 32 bits a draw.
 *
 * @param seed whole number from 0 to 4294967295; anything else is an {@link EvalError}.
 */
export function randomGenerator(seed: number): RandomGenerator {
  if (!Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) {
    throw new EvalError(`The seed is ${seed}. Give a whole number from 0 to ${LARGEST_SEED}.`)
  }
  const generator = mersenne(seed)
  return { next: () => (generator.next() >>> 0) * 2 ** -32 }
}
