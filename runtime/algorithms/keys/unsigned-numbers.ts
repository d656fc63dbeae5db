/**
 * Big-endian numbers as bytes, compared in a time that depends on their lengths alone: some are
 * secret scalars and primes. There is no arithmetic here; that is OpenSSL's.
 */

/** Whether left < right. */
export function isLess(left: Uint8Array, right: Uint8Array): boolean {
  const length = Math.max(left.length, right.length);
  let borrow = 0;
  for (let place = 1; place <= length; place += 1) {
    const difference = (left[left.length - place] ?? 0) - (right[right.length - place] ?? 0) - borrow;
    borrow = (difference >> 8) & 1;
  }
  return borrow === 1;
}

export function isZero(number: Uint8Array): boolean {
  let bits = 0;
  for (const byte of number) bits |= byte;
  return bits === 0;
}

export function isOdd(number: Uint8Array): boolean {
  return ((number[number.length - 1] ?? 0) & 1) === 1;
}

/** Bits of a number without leading zeros. */
export function bitLength(number: Uint8Array): number {
  return number.length * 8 - (Math.clz32(number[0] ?? 0) - 24);
}
