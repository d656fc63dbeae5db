/** Multiplication by x in the field of 2^128 elements, as SP 800-38B, 6.1 and RFC 5297, 2.3 have it. */

const REDUCTION = 0x87;

/** In place, in a time that does not depend on the block. @param block of 16 bytes, the first the highest */
export function double(block: Uint8Array): void {
  let carry = 0;
  for (let index = 15; index >= 0; index -= 1) {
    const byte = block[index] as number;
    block[index] = (byte << 1) | carry;
    carry = byte >> 7;
  }
  block[15] = (block[15] as number) ^ (REDUCTION & -carry);
}
