/**
 * What arithmetic costs, in the unit of `prices.ts`: about the nanoseconds that it takes in JavaScript (measured), so that the same guest is
 * refused everywhere.
 */

interface ResiduePrices {
  /** One multiplication. */
  readonly multiply: number;
  /** @param bits of the exponent */
  power(bits: number): number;
}

/** @param width of the modulus, in bytes */
export function residuePrices(width: number): ResiduePrices {
  const multiply = 500 + width * width * 0.1;
  return { multiply, power: (bits) => 100_000 + bits * 1.5 * multiply };
}

type ElementPrices = Readonly<Record<'decode' | 'encode' | 'map' | 'add' | 'multiply' | 'subgroup', number>>;

/** @param fieldLength of a coordinate, in bytes */
export function elementPrices(fieldLength: number): ElementPrices {
  const cube = (fieldLength / 32) ** 3;
  return {
    decode: 150_000 * cube,
    encode: 100_000 * cube,
    map: 300_000 * cube,
    add: 5_000 * cube,
    multiply: 1_000_000 * cube,
    subgroup: 1_000_000 * cube,
  };
}
