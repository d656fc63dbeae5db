/**
 * AES-GCM-SIV without its AES (RFC 8452): POLYVAL, counters, and the sum with their stream.
 *
 * Products of polynomials come from multiplications of integers in which three of four bits are zero, so that no carry
 * reaches a bit that counts: no table is indexed by a secret.
 */
import { KEY, STATE } from "./layout";

const M0: u64 = 0x1111111111111111, M1: u64 = M0 << 1, M2: u64 = M0 << 2, M3: u64 = M0 << 3;

/** The low 64 bits of the product of two polynomials. */
@inline
function lowProduct(x: u64, y: u64): u64 {
  const x0 = x & M0, x1 = x & M1, x2 = x & M2, x3 = x & M3;
  const y0 = y & M0, y1 = y & M1, y2 = y & M2, y3 = y & M3;
  const z0 = (x0 * y0) ^ (x1 * y3) ^ (x2 * y2) ^ (x3 * y1);
  const z1 = (x0 * y1) ^ (x1 * y0) ^ (x2 * y3) ^ (x3 * y2);
  const z2 = (x0 * y2) ^ (x1 * y1) ^ (x2 * y0) ^ (x3 * y3);
  const z3 = (x0 * y3) ^ (x1 * y2) ^ (x2 * y1) ^ (x3 * y0);
  return (z0 & M0) | (z1 & M1) | (z2 & M2) | (z3 & M3);
}

@inline
function swapBits(x: u64, bits: u64, mask: u64): u64 {
  return ((x & mask) << bits) | ((x >> bits) & mask);
}

/** In reversed order. */
@inline
function reversed(x: u64): u64 {
  x = swapBits(x, 1, 0x5555555555555555);
  x = swapBits(x, 2, 0x3333333333333333);
  x = swapBits(x, 4, 0x0f0f0f0f0f0f0f0f);
  x = swapBits(x, 8, 0x00ff00ff00ff00ff);
  x = swapBits(x, 16, 0x0000ffff0000ffff);
  return rotl<u64>(x, 32);
}

/** Adds input to the sum in STATE, its last block filled with zeros. The key is in KEY. */
export function polyval(input: usize, length: usize): void {
  const h0 = load<u64>(KEY), h1 = load<u64>(KEY + 8), hm = h0 ^ h1;
  const h0r = reversed(h0), h1r = reversed(h1), hmr = h0r ^ h1r;
  let s0 = load<u64>(STATE), s1 = load<u64>(STATE + 8);
  while (length > 0) {
    if (length >= 16) {
      s0 ^= load<u64>(input);
      s1 ^= load<u64>(input + 8);
      input += 16;
      length -= 16;
    } else {
      let word: u64 = 0;
      for (let i: usize = 0; i < length; i++) {
        word = u64(load<u8>(input + i)) << ((i & 7) << 3);
        if (i < 8) s0 ^= word;
        else s1 ^= word;
      }
      length = 0;
    }
    // Karatsuba; the high halves are the low ones of the reversed factors.
    const s0r = reversed(s0), s1r = reversed(s1), sm = s0 ^ s1, smr = s0r ^ s1r;
    const low = lowProduct(s0, h0), high = lowProduct(s1, h1);
    const lowR = lowProduct(s0r, h0r), highR = lowProduct(s1r, h1r);
    const middle = lowProduct(sm, hm) ^ low ^ high;
    const middleR = lowProduct(smr, hmr) ^ lowR ^ highR;
    const r0 = low;
    const r1 = (reversed(lowR) >> 1) ^ middle;
    const r2 = high ^ (reversed(middleR) >> 1);
    const r3 = reversed(highR) >> 1;
    // Times x^-128 modulo x^128 + x^127 + x^126 + x^121 + 1 (3).
    const q1 = r1 ^ (r0 << 63) ^ (r0 << 62) ^ (r0 << 57);
    s0 = r2 ^ r0 ^ (r0 >> 1) ^ (r0 >> 2) ^ (r0 >> 7) ^ (q1 << 63) ^ (q1 << 62) ^ (q1 << 57);
    s1 = r3 ^ q1 ^ (q1 >> 1) ^ (q1 >> 2) ^ (q1 >> 7);
  }
  store<u64>(STATE, s0);
  store<u64>(STATE + 8, s1);
}

/** Writes blocks that count: the one in `first` with its first 32 bits, little-endian, raised by `start`, and those after it. */
export function counters(first: usize, start: u32, out: usize, blocks: usize): void {
  const rest = load<u64>(first + 8);
  const high = load<u32>(first + 4);
  let count = load<u32>(first) + start;
  for (const end = out + blocks * 16; out < end; out += 16, count++) {
    store<u64>(out, u64(count) | (u64(high) << 32));
    store<u64>(out + 8, rest);
  }
}

/** Adds a stream to a message where it stands. */
export function addStream(message: usize, stream: usize, length: usize): void {
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) store<u64>(message + i, load<u64>(message + i) ^ load<u64>(stream + i));
  for (; i < length; i++) store<u8>(message + i, load<u8>(message + i) ^ load<u8>(stream + i));
}
