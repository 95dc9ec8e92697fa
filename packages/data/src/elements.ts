import { DataError } from './DataError.ts'

/** Symbols of the elements that Couplet knows, by atomic number: those of QM9 and the competition. */
export const ELEMENT_SYMBOLS: ReadonlyMap<number, string> = new Map([
  [1, 'H'],
  [6, 'C'],
  [7, 'N'],
  [8, 'O'],
  [9, 'F'],
])

const ATOMIC_NUMBERS: ReadonlyMap<string, number> = new Map(
  [...ELEMENT_SYMBOLS].map(([number, symbol]) => [symbol, number]),
)

/**
 * Atomic number of an element symbol (`H`, `C`, `N`, `O` or `F`), or undefined for anything else: readers know the line
 * to name in their error, this function does not.
 */
export function atomicNumberOf(symbol: string): number | undefined {
  return ATOMIC_NUMBERS.get(symbol)
}

/** Symbol of an atomic number. Throws a {@link DataError} for an element that Couplet does not know. */
export function elementSymbol(atomicNumber: number): string {
  const symbol = ELEMENT_SYMBOLS.get(atomicNumber)
  if (symbol === undefined) {
    throw new DataError(
      `Atomic number ${atomicNumber} is not one that Couplet knows. ${SUPPORTED_ELEMENTS_ADVICE}`,
    )
  }
  return symbol
}

/** The sentence that ends every error about an unknown element. */
export const SUPPORTED_ELEMENTS_ADVICE =
  'Use molecules of H, C, N, O and F only (symbols exactly so): the models are trained on no other elements.'
