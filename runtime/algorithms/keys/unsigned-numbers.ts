/**
 * Big-endian numbers as bytes, compared in a time that depends on their lengths alone unless said otherwise: some
 * are secret scalars and primes. There is no arithmetic here; that is OpenSSL's.
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

/**
 * Whether left < right, for numbers of one length that are no secrets: stops at the first difference. The left one may
 * stand behind something else. With `isLess` a guest's RSA-2048 verification took 1.22 of the bare call instead of 1.08 (measured, Node 20).
 */
export function isLessInPublic(left: Uint8Array, right: Uint8Array, start = 0): boolean {
  for (let place = 0; place < right.length; place += 1) {
    const difference = (left[start + place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
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
